SELECT row, container, trace_id, id, parent_id, name, type, start_ns, end_ns, xact, block, slot
FROM rows
WHERE container = :container
LIMIT :limit
