-- One metric of the experiment, as a score. METRIC is its name.
SELECT cluster, METRIC_count, METRIC, METRIC_squares, 0
FROM measured
WHERE side = 0 AND METRIC_count > 0
ORDER BY cluster, case_key
