-- The newest of each project's logs, by an index, and then the newest of these.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM containers AS c
JOIN projects AS p ON p.id = c.key
JOIN rows AS r ON r.row IN (
    SELECT n.row FROM rows AS n
    WHERE n.container = c.id AND n.parent_id IS NULL
    ORDER BY n.start_ns DESC, n.row DESC
    LIMIT :limit
)
WHERE c.kind = 'project' AND (:project IS NULL OR p.name = :project OR p.id = :project)
ORDER BY r.start_ns DESC, r.row DESC
LIMIT :limit
