-- Sums over the inputs of both sides. What differs by rounding alone does not differ.
SELECT count(*), sum(before), sum(d), sum(d * d), sum(d > 0), sum(d < 0), min(is_binary)
FROM (
    SELECT
        b.value AS before,
        CASE WHEN abs(n.value - b.value) <= :tolerance THEN 0.0 ELSE n.value - b.value END AS d,
        n.is_binary AND b.is_binary AND n.count = 1 AND b.count = 1 AS is_binary
    FROM matched AS n
    JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
    WHERE n.side = 0 AND n.name = :name
)
