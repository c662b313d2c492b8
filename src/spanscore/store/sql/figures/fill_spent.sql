-- Sums a case of what its model calls took. An experiment that is compared with itself has its cases on both sides.
INSERT OR IGNORE INTO spent
SELECT l.row, sum(r.tokens), sum(r.prompt_tokens), sum(r.completion_tokens), sum(r.estimated_cost)
FROM rows AS r
JOIN live AS l ON l.side = :side AND l.trace_id = r.trace_id
WHERE r.container = :container AND (r.tokens IS NOT NULL OR r.estimated_cost IS NOT NULL)
GROUP BY l.row
