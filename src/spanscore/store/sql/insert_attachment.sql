INSERT INTO attachments (row, key) VALUES (?, ?)
