-- The newest attempt at each trial of an experiment's cases, after a row. A root that is no case counts for none.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM cases AS c
JOIN rows AS r ON r.row = c.row
WHERE c.container = :container AND c.row > :after AND NOT EXISTS (
    SELECT 1 FROM cases AS n
    WHERE n.container = c.container AND n.case_key = c.case_key AND n.trial = c.trial AND n.attempt > c.attempt
        AND n.attempt > 1
)
ORDER BY c.row
LIMIT :limit
