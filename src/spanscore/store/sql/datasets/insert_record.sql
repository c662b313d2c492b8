INSERT INTO dataset_records (dataset, id) VALUES (?, ?)
