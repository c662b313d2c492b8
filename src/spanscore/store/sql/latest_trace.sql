-- The trace that began last: of each container the newest row by the index of times that is the first of its trace.
SELECT r.trace_id
FROM containers AS c
JOIN rows AS r ON r.row = (
    SELECT n.row FROM rows AS n
    WHERE n.container = c.id AND (n.parent_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM rows AS o
        WHERE o.trace_id = n.trace_id AND o.container = n.container
            AND (o.parent_id IS NULL OR (o.start_ns, o.row) < (n.start_ns, n.row))
    ))
    ORDER BY n.start_ns DESC, n.row DESC
    LIMIT 1
)
ORDER BY r.start_ns DESC, r.row DESC
LIMIT 1
