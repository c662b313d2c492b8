-- Updates that came before their row, and knew its id alone.
UPDATE updates SET trace_id = ? WHERE trace_id = zeroblob(16) AND id = ? AND container = ?
