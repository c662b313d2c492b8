-- Of a metric as of a score. METRIC is its name.
SELECT b.METRIC / b.METRIC_count, n.METRIC / n.METRIC_count, n.cluster, 0
FROM measured AS n
JOIN measured AS b ON b.side = 1 AND b.case_key = n.case_key
WHERE n.side = 0 AND n.METRIC_count > 0 AND b.METRIC_count > 0
ORDER BY n.cluster, n.case_key
