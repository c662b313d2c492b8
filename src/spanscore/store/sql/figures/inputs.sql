-- One score of the experiment, input by input, the lowest first.
SELECT g.name, g.case_key, g.count, g.total, g.squares, g.is_failed
FROM matched AS g
JOIN rows AS r ON r.row = g.row
WHERE g.side = 0 AND g.name = :name
ORDER BY g.value, r.start_ns, g.row
LIMIT :limit
