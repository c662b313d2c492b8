DELETE FROM updates WHERE trace_id = ? AND id = ? AND container = ?
