-- Records of one version that another does not have, or has otherwise, matched by id. `absent` picks those that it does
-- not have at all; else they are those that both have, with other values.
SELECT
    r.place, r.id, v.xact, v.created, v.is_deleted, v.input, v.expected, v.metadata, v.tags, v.origin,
    o.id, w.xact, w.created, w.is_deleted, w.input, w.expected, w.metadata, w.tags, w.origin
FROM dataset_records AS r
JOIN dataset_revisions AS v ON v.number = (
    SELECT n.number FROM dataset_revisions AS n
    WHERE n.place = r.place AND n.xact <= :xact
    ORDER BY n.xact DESC
    LIMIT 1
)
LEFT JOIN dataset_records AS o ON o.dataset = :other AND o.id = r.id
LEFT JOIN dataset_revisions AS w ON w.number = (
    SELECT n.number FROM dataset_revisions AS n
    WHERE n.place = o.place AND n.xact <= :other_xact
    ORDER BY n.xact DESC
    LIMIT 1
)
WHERE r.dataset = :dataset AND r.place > :after AND NOT v.is_deleted
    AND CASE
        WHEN :absent THEN w.number IS NULL OR w.is_deleted
        ELSE w.number <> v.number AND NOT w.is_deleted AND (
            v.input IS NOT w.input OR v.expected IS NOT w.expected OR v.metadata IS NOT w.metadata
            OR v.tags IS NOT w.tags
        )
    END
ORDER BY r.place
LIMIT :limit
