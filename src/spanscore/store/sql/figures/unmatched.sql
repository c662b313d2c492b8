-- Inputs of one side that the other has not, in the order in which they were run.
SELECT min(row), count(*), sum(is_error)
FROM live
WHERE side = :side AND case_key NOT IN (SELECT case_key FROM live WHERE side = 1 - :side)
GROUP BY case_key
ORDER BY min(start_ns), min(row)
LIMIT :limit
