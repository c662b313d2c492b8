INSERT INTO blocks (id, slots, data) VALUES (?, ?, ?)
