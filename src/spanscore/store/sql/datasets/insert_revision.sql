INSERT INTO dataset_revisions
    (dataset, place, xact, created, is_deleted, input, expected, metadata, tags, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
