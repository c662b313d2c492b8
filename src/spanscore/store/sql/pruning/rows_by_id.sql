-- Without an index: deleting single rows is rare.
SELECT row, container, trace_id, id, parent_id, name, type, start_ns, end_ns, xact, block, slot
FROM rows
WHERE container = ? AND id = ?
