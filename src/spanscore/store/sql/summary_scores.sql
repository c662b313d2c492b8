SELECT name, value FROM summary_scores WHERE experiment_id = ? ORDER BY place
