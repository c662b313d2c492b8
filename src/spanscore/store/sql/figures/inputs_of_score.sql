-- One score of the experiment, its inputs one by one, those of a cluster side by side.
SELECT cluster, count, total, squares, is_binary
FROM matched
WHERE side = 0 AND name = :name
ORDER BY cluster, case_key
