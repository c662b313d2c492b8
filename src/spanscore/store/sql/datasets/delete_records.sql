DELETE FROM dataset_records
WHERE place IN (SELECT place FROM dataset_records WHERE dataset = ? ORDER BY place LIMIT ?)
