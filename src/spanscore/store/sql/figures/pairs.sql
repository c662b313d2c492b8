-- The inputs of both sides, those of a cluster side by side.
SELECT b.value, n.value, n.cluster, n.count > 1 OR b.count > 1
FROM matched AS n
JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
WHERE n.side = 0 AND n.name = :name
ORDER BY n.cluster, n.case_key
