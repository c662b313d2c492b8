-- One metric of the experiment, as a score.
SELECT cluster, count, total, squares, 0
FROM measured
WHERE side = 0 AND name = :name
ORDER BY cluster, case_key
