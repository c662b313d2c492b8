DELETE FROM dataset_attachments
WHERE revision IN (SELECT number FROM dataset_revisions WHERE dataset = ? ORDER BY number LIMIT ?)
