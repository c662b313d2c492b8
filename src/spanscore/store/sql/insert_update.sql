INSERT INTO updates (container, id, trace_id, fields, is_pending) VALUES (?, ?, ?, ?, 1)
