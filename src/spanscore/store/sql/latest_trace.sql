-- One look into the index of roots for each container.
SELECT r.trace_id
FROM containers AS c
JOIN rows AS r ON r.row = (
    SELECT n.row FROM rows AS n
    WHERE n.container = c.id AND n.parent_id IS NULL
    ORDER BY n.start_ns DESC, n.row DESC
    LIMIT 1
)
ORDER BY r.start_ns DESC, r.row DESC
LIMIT 1
