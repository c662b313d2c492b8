SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM rows AS r
WHERE r.container = ?
ORDER BY r.start_ns, r.row
