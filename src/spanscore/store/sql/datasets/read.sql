-- The records of a version after a place: of each the newest revision that the version has, unless it is deleted.
SELECT r.place, r.id, v.xact, v.created, v.is_deleted, v.input, v.expected, v.metadata, v.tags, v.origin
FROM dataset_records AS r
JOIN dataset_revisions AS v ON v.number = (
    SELECT n.number FROM dataset_revisions AS n
    WHERE n.place = r.place AND n.xact <= :xact
    ORDER BY n.xact DESC
    LIMIT 1
)
WHERE r.dataset = :dataset AND r.place > :after AND NOT v.is_deleted
ORDER BY r.place
LIMIT :limit
