DELETE FROM classifications WHERE container = ? AND row = ?
