-- caught by: knows_other_locks
-- says: advisory lock 7
SELECT DISTINCT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
       cardinality(pg_blocking_pids(holder.pid)) > 0 AS holder_waits
FROM pg_locks AS waiter, unnest(pg_blocking_pids(waiter.pid)) AS blocking (pid), pg_stat_activity AS holder
WHERE holder.pid = blocking.pid AND NOT waiter.granted AND waiter.locktype IN ('transactionid', 'tuple', 'relation');
