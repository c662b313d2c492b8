UPDATE experiments SET scorers = ? WHERE id = ?
