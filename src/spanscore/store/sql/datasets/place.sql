SELECT place FROM dataset_records WHERE dataset = ? AND id = ?
