SELECT b.value, n.value
FROM matched AS n
JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
WHERE n.side = 0 AND n.name = ?
