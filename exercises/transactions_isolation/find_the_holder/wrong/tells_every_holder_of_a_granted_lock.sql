-- caught by: tells_every_holder
-- says: Behind Dan, who waits for the table
SELECT w.pid AS waiting, h.pid AS holder, a.state AS holder_state, a.query AS holder_query,
    EXISTS (SELECT FROM pg_locks x WHERE x.pid = h.pid AND NOT x.granted) AS holder_waits
FROM pg_locks w
    JOIN pg_locks h ON h.granted AND w.locktype = h.locktype AND w.pid <> h.pid
        AND w.transactionid IS NOT DISTINCT FROM h.transactionid AND w.relation IS NOT DISTINCT FROM h.relation
        AND w.database IS NOT DISTINCT FROM h.database
        AND w.page IS NOT DISTINCT FROM h.page AND w.tuple IS NOT DISTINCT FROM h.tuple
        AND w.classid IS NOT DISTINCT FROM h.classid AND w.objid IS NOT DISTINCT FROM h.objid
    JOIN pg_stat_activity a ON a.pid = h.pid
WHERE NOT w.granted;
