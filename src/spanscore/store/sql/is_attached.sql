SELECT
    EXISTS (SELECT 1 FROM attachments WHERE key = :key)
    OR EXISTS (SELECT 1 FROM dataset_attachments WHERE key = :key)
