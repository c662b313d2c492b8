INSERT INTO matched
SELECT side, name, case_key, min(row), avg(CASE kind WHEN 2 THEN 0.0 ELSE value END)
FROM outcomes
WHERE kind = 0 OR (kind = 2 AND :errors = 'zero')
GROUP BY side, name, case_key
