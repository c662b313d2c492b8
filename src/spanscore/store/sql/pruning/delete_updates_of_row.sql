DELETE FROM updates WHERE container = ? AND id = ? AND trace_id = ?
