-- The root stands before a span that starts with it.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM rows AS r
WHERE r.trace_id = ?
ORDER BY r.start_ns, r.parent_id IS NOT NULL, r.row
