INSERT INTO cases (container, row, case_id, case_key, trial, attempt, is_error, start_ns, end_ns, cluster)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
