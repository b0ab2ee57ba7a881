-- caught by: tells_the_pair
-- says: unnest it
SELECT waiter.pid AS waiting, pg_blocking_pids(waiter.pid) AS holder, waiter.state AS holder_state,
    waiter.query AS holder_query, true AS holder_waits
FROM pg_stat_activity AS waiter
WHERE waiter.datname = current_database() AND cardinality(pg_blocking_pids(waiter.pid)) > 0;
