-- caught by: silent_without_waits
-- says: nobody waits
SELECT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
       cardinality(pg_blocking_pids(holder.pid)) > 0 AS holder_waits
FROM pg_stat_activity AS waiter
LEFT JOIN pg_stat_activity AS holder ON holder.pid = ANY (pg_blocking_pids(waiter.pid));
