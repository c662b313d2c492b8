INSERT INTO dataset_snapshots (id, dataset, name, xact, description, created_ns) VALUES (?, ?, ?, ?, ?, ?)
