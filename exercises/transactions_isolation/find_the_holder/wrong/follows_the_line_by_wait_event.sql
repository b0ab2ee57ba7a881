-- caught by: follows_the_line
-- says: `holder_waits` is NULL
SELECT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
    holder.wait_event_type = 'Lock' AS holder_waits
FROM pg_stat_activity AS waiter, unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid)
    JOIN pg_stat_activity AS holder ON holder.pid = blocking.pid;
