-- How many cases have each metric, and its sum.
SELECT
    sum(duration_count), sum(duration),
    sum(tokens_count), sum(tokens),
    sum(prompt_tokens_count), sum(prompt_tokens),
    sum(completion_tokens_count), sum(completion_tokens),
    sum(estimated_cost_count), sum(estimated_cost)
FROM measured
WHERE side = ?
