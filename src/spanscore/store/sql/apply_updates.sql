UPDATE updates SET is_pending = 0 WHERE container = ? AND id = ? AND trace_id = ? AND is_pending
