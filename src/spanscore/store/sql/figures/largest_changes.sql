-- With :sign 1 the largest falls, with -1 the largest rises; of equal ones the case that began first.
SELECT b.value, n.value, n.name, n.case_key, b.is_failed, n.is_failed
FROM matched AS n
JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
JOIN rows AS r ON r.row = n.row
WHERE n.side = 0 AND n.name = :name AND :sign * (b.value - n.value) > :tolerance
ORDER BY abs(n.value - b.value) DESC, r.start_ns, n.row
LIMIT :limit
