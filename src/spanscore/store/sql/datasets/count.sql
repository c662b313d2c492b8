SELECT count(*)
FROM dataset_records AS r
JOIN dataset_revisions AS v ON v.number = (
    SELECT n.number FROM dataset_revisions AS n
    WHERE n.place = r.place AND n.xact <= :xact
    ORDER BY n.xact DESC
    LIMIT 1
)
WHERE r.dataset = :dataset AND NOT v.is_deleted
