INSERT INTO wanted (side, scorer) VALUES (?, ?)
