SELECT id, name, xact, created_ns, description FROM dataset_snapshots WHERE dataset = ? ORDER BY number
