-- caught by: silent_without_waits
-- says: The columns of your query
SELECT waiter.pid, holder.pid, holder.state, holder.query, cardinality(pg_blocking_pids(holder.pid)) > 0
FROM pg_stat_activity AS waiter
JOIN pg_stat_activity AS holder ON holder.pid = ANY (pg_blocking_pids(waiter.pid));
