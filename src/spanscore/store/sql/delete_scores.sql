DELETE FROM scores WHERE container = ? AND row = ?
