UPDATE experiments SET baseline_id = ? WHERE id = ?
