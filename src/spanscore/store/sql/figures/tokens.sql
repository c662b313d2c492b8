-- Sums a case of what its model calls took, and over these how many cases have a figure, and their total.
SELECT
    count(tokens), sum(tokens),
    count(prompt_tokens), sum(prompt_tokens),
    count(completion_tokens), sum(completion_tokens),
    count(estimated_cost), sum(estimated_cost)
FROM (
    SELECT
        sum(r.tokens) AS tokens,
        sum(r.prompt_tokens) AS prompt_tokens,
        sum(r.completion_tokens) AS completion_tokens,
        sum(r.estimated_cost) AS estimated_cost
    FROM rows AS r
    JOIN live AS l ON l.side = :side AND l.trace_id = r.trace_id
    WHERE r.container = :container AND (r.tokens IS NOT NULL OR r.estimated_cost IS NOT NULL)
    GROUP BY l.row
)
