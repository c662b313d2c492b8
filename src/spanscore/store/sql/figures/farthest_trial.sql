-- Of the cases and trials of an input the one with the lowest value, or with :sign -1 the highest; of equal ones the
-- first that was stored. One that errored is as low as it counts.
SELECT row
FROM outcomes
WHERE case_key = :case_key AND name = :name AND side = :side
    AND (kind = 0 OR (kind = 2 AND :errors = 'zero'))
ORDER BY :sign * CASE kind WHEN 2 THEN 0.0 ELSE value END, row
LIMIT 1
