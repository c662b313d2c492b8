-- The newest attempt at each trial of a case. Cases of one input share their key: only attempts tell old from new.
-- What a case took is what its task took: how long it is judged is no property of what is judged.
-- `+` keeps SQLite from looking for that in all rows of the experiment, instead of in those of the trace.
INSERT INTO live
SELECT
    :side, c.case_id, substr(c.case_id, 1, 16), c.row, c.case_key, c.is_error, c.start_ns, c.end_ns, c.cluster,
    coalesce((
        SELECT sum(t.end_ns - t.start_ns)
        FROM rows AS t
        WHERE t.trace_id = substr(c.case_id, 1, 16) AND +t.container = c.container
            AND t.parent_id = substr(c.case_id, 17) AND t.type = 'task'
    ), c.end_ns - c.start_ns) / 1e9
FROM cases AS c
WHERE c.container = :container AND NOT EXISTS (
    SELECT 1 FROM cases AS n
    WHERE n.container = c.container AND n.case_key = c.case_key AND n.trial = c.trial AND n.attempt > c.attempt
        AND n.attempt > 1
)
ORDER BY c.case_id  -- sorted rows are appended to their table
