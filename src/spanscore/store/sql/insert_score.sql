INSERT INTO scores (container, row, place, case_id, scorer, name, value, is_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
