DELETE FROM dataset_revisions
WHERE number IN (SELECT number FROM dataset_revisions WHERE dataset = ? ORDER BY number LIMIT ?)
