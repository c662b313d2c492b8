-- Rows of traces of which no row ended later. Experiments stay whole: their figures must not change.
SELECT
    r.row, r.container, r.trace_id, r.id, r.parent_id, r.name, r.type, r.start_ns, r.end_ns, r.xact,
    r.block, r.slot
FROM containers AS c
CROSS JOIN rows AS r ON r.container = c.id AND r.start_ns < :before_ns  -- in this order: by the index of times
WHERE c.kind <> 'experiment' AND NOT EXISTS (
    SELECT 1 FROM rows AS n WHERE n.trace_id = r.trace_id AND n.end_ns >= :before_ns
)
LIMIT :limit
