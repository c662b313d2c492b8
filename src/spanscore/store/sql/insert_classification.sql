INSERT INTO classifications (container, row, place, case_id, name, label) VALUES (?, ?, ?, ?, ?, ?)
