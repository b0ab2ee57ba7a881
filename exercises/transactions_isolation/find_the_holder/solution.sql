-- Who waits for whom, and what the holder does meanwhile.
SELECT
    -- >>> the five columns, from pg_stat_activity and pg_blocking_pids
    waiter.pid AS waiting,
    holder.pid AS holder,
    holder.state AS holder_state,
    holder.query AS holder_query,
    cardinality(pg_blocking_pids(holder.pid)) > 0 AS holder_waits
FROM pg_stat_activity AS waiter,
    unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid)  -- one row for each session it waits for
    JOIN pg_stat_activity AS holder ON holder.pid = blocking.pid
    -- <<<
;
