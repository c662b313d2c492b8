-- The newest attempt at each trial, in the order in which they are stored, so that each block of payloads is read once.
-- Of attempts of one number, which two runs at once leave behind, any will do: whoever reads takes a trial once.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot,
    c.case_key, c.trial, c.attempt, c.is_error, s.is_error, s.lowest
FROM cases AS c
JOIN rows AS r ON r.row = c.row
LEFT JOIN (
    SELECT case_id, max(is_error) AS is_error, min(value) AS lowest
    FROM scores
    WHERE container = :container
    GROUP BY case_id
) AS s ON s.case_id = c.case_id
WHERE c.container = :container AND NOT EXISTS (
    SELECT 1 FROM cases AS n
    WHERE n.container = c.container AND n.case_key = c.case_key AND n.trial = c.trial AND n.attempt > c.attempt
        AND n.attempt > 1
)
ORDER BY c.row
