-- The largest falls first, then the largest rises.
SELECT b.value, n.value, b.row, n.row
FROM matched AS n
JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
WHERE n.side = 0 AND n.name = :name AND abs(n.value - b.value) > :tolerance
ORDER BY n.value > b.value, abs(n.value - b.value) DESC, n.row
LIMIT :limit
