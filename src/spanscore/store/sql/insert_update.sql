INSERT INTO updates (trace_id, id, container, fields, is_pending) VALUES (?, ?, ?, ?, 1)
