UPDATE updates SET is_pending = 0 WHERE trace_id = ? AND id = ? AND container = ? AND is_pending
