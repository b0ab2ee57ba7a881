-- caught by: tells_the_pair
-- says: Ann holds Dune and Ben waits
SELECT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
       cardinality(pg_blocking_pids(holder.pid)) > 0 AS holder_waits
FROM pg_stat_activity AS waiter, unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid), pg_stat_activity AS holder
WHERE holder.pid = blocking.pid AND holder.state = 'active';
