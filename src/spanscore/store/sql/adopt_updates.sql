-- Updates that came before their row, and knew its id alone.
UPDATE updates SET trace_id = ?1 WHERE trace_id = zeroblob(16) AND id = ?2 AND container = ?3
