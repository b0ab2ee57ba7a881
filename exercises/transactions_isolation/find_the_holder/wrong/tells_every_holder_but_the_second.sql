-- caught by: tells_every_holder
-- says: Dan wants to lock it
SELECT waiter.pid AS waiting, holder.pid AS holder, holder.state AS holder_state, holder.query AS holder_query,
       cardinality(pg_blocking_pids(holder.pid)) > 0 AS holder_waits
FROM pg_stat_activity AS waiter
JOIN pg_stat_activity AS holder ON holder.pid = (pg_blocking_pids(waiter.pid))[1];
