DELETE FROM metrics WHERE container = ? AND row = ?
