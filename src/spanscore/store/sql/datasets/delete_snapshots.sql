DELETE FROM dataset_snapshots WHERE dataset = ?
