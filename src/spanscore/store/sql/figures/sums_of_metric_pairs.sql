-- Of a metric as of a score.
SELECT count(*), sum(before), sum(d), sum(d * d), sum(d > 0), sum(d < 0), 0
FROM (
    SELECT before, CASE WHEN abs(now - before) <= :tolerance THEN 0.0 ELSE now - before END AS d
    FROM (
        SELECT b.total / b.count AS before, n.total / n.count AS now
        FROM measured AS n
        JOIN measured AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
        WHERE n.side = 0 AND n.name = :name
    )
)
