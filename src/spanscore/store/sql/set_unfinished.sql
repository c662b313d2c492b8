UPDATE experiments SET is_unfinished = ? WHERE id = ?
