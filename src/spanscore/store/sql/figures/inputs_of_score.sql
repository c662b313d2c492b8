-- One score or metric of the experiment, its inputs one by one, those of a cluster side by side.
SELECT cluster, count, total, squares, is_binary
FROM grouped
WHERE side = 0 AND is_metric = :is_metric AND name = :name
ORDER BY cluster, case_key
