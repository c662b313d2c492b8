INSERT INTO metrics (container, row, place, case_id, name, value) VALUES (?, ?, ?, ?, ?, ?)
