INSERT INTO matched
SELECT
    side, name, case_key, min(row), avg(v), count(*), sum(v), sum(v * v), min(v IN (0.0, 1.0)), max(kind = 2),
    coalesce(min(cluster), case_key)
FROM (
    SELECT side, name, case_key, row, kind, cluster, CASE kind WHEN 2 THEN 0.0 ELSE value END AS v
    FROM outcomes
    WHERE kind = 0 OR (kind = 2 AND :errors = 'zero')
)
GROUP BY side, name, case_key
