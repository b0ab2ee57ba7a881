-- From pg_locks, as in the lesson: a lock that is not granted is a wait. The holder's own waits are looked up there too.
SELECT waiting.pid AS waiting, holder, activity.state AS holder_state, activity.query AS holder_query,
       EXISTS (SELECT FROM pg_locks AS own WHERE own.pid = holder AND NOT own.granted) AS holder_waits
FROM pg_locks AS waiting, unnest(pg_blocking_pids(waiting.pid)) AS holder, pg_stat_activity AS activity
WHERE NOT waiting.granted AND activity.pid = holder
ORDER BY holder_waits, waiting, holder
