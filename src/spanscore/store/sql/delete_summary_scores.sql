DELETE FROM summary_scores WHERE experiment_id = ?
