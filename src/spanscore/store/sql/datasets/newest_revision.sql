SELECT created, is_deleted, input, expected, metadata, tags, origin
FROM dataset_revisions
WHERE place = ?
ORDER BY xact DESC
LIMIT 1
