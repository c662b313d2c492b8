-- Scores of inputs that fell, those of the input with the largest fall first. Over the scratch tables of figures.
WITH fallen AS (
    SELECT n.case_key, n.name, b.value AS before_value, n.value, n.row
    FROM matched AS n
    JOIN matched AS b ON b.side = 1 AND b.name = n.name AND b.case_key = n.case_key
    WHERE n.side = 0 AND b.value - n.value > :tolerance
),
worst AS (
    SELECT f.case_key, max(f.before_value - f.value) AS fall, min(r.start_ns) AS start_ns
    FROM fallen AS f
    JOIN rows AS r ON r.row = f.row
    GROUP BY f.case_key
    ORDER BY fall DESC, start_ns, f.case_key
    LIMIT :limit
)
SELECT f.case_key, f.name, f.before_value, f.value
FROM worst AS w
JOIN fallen AS f ON f.case_key = w.case_key
ORDER BY w.fall DESC, w.start_ns, w.case_key, f.before_value - f.value DESC, f.name
