SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM search AS s
JOIN rows AS r ON r.row = s.rowid
WHERE search MATCH :query AND (:container IS NULL OR r.container = :container)
ORDER BY s.rowid DESC
LIMIT :limit
