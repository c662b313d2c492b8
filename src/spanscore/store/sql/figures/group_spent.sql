INSERT INTO grouped
SELECT
    side, 1, name, case_key, min(row), avg(v), count(*), sum(v), sum(v * v), 0, 0, coalesce(min(cluster), case_key)
FROM (
    SELECT side, 'tokens' AS name, case_key, row, cluster, tokens AS v FROM spent
    UNION ALL
    SELECT side, 'prompt_tokens', case_key, row, cluster, prompt_tokens FROM spent
    UNION ALL
    SELECT side, 'completion_tokens', case_key, row, cluster, completion_tokens FROM spent
    UNION ALL
    SELECT side, 'estimated_cost', case_key, row, cluster, estimated_cost FROM spent
)
WHERE v IS NOT NULL
GROUP BY side, name, case_key
