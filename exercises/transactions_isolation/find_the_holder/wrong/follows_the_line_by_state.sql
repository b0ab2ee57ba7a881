-- caught by: follows_the_line
-- says: Ann holds Dune and computes
SELECT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
       holder.state = 'active' AS holder_waits
FROM pg_stat_activity AS waiter, unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid), pg_stat_activity AS holder
WHERE holder.pid = blocking.pid;
