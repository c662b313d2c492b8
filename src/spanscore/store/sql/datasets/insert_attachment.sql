INSERT INTO dataset_attachments (revision, key) VALUES (?, ?)
