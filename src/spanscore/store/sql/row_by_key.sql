SELECT row, container, trace_id, id, parent_id, name, type, start_ns, end_ns, xact, block, slot
FROM rows
WHERE trace_id = ? AND id = ? AND container = ?
