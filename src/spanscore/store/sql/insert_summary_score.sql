INSERT INTO summary_scores (experiment_id, place, name, value) VALUES (?, ?, ?, ?)
