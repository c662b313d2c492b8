SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM search AS s
JOIN rows AS r ON r.row = s.rowid
JOIN containers AS c ON c.id = r.container AND c.kind = 'project'
JOIN projects AS p ON p.id = c.key
WHERE search MATCH :query AND (:project IS NULL OR p.name = :project OR p.id = :project)
ORDER BY s.rowid DESC
LIMIT :limit
