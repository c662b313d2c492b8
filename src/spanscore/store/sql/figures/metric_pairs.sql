-- Of a metric as of a score.
SELECT b.total / b.count, n.total / n.count, n.cluster, 0
FROM measured AS n
JOIN measured AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
WHERE n.side = 0 AND n.name = :name
ORDER BY n.cluster, n.case_key
