-- The newest traces of each project's logs, by the index of times, and then the newest of these. A trace is shown by its
-- root, or, where that is a span that was not kept, by the first of its rows.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM containers AS c
JOIN projects AS p ON p.id = c.key
JOIN rows AS r ON r.row IN (
    SELECT n.row FROM rows AS n
    WHERE n.container = c.id AND (n.parent_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM rows AS o
        WHERE o.trace_id = n.trace_id AND o.container = n.container
            AND (o.parent_id IS NULL OR (o.start_ns, o.row) < (n.start_ns, n.row))
    ))
    ORDER BY n.start_ns DESC, n.row DESC
    LIMIT :limit
)
WHERE c.kind = 'project' AND (:project IS NULL OR p.name = :project OR p.id = :project)
ORDER BY r.start_ns DESC, r.row DESC
LIMIT :limit
