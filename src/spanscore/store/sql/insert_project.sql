-- One that is there already, by id or by name, stays as it is.
INSERT OR IGNORE INTO projects (id, name, created_ns) VALUES (?, ?, ?)
