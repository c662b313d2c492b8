DELETE FROM cases WHERE container = ? AND row = ?
