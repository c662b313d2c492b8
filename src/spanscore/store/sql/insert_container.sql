INSERT INTO containers (kind, key) VALUES (?, ?)
