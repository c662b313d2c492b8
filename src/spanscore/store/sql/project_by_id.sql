SELECT name FROM projects WHERE id = ?
