SELECT
    EXISTS (SELECT 1 FROM attachments WHERE key = ?1)
    OR EXISTS (SELECT 1 FROM dataset_attachments WHERE key = ?1)
