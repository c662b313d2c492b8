INSERT INTO measured
SELECT
    l.side, l.case_key, coalesce(min(l.cluster), l.case_key),
    count(*), sum(l.duration), sum(l.duration * l.duration),
    count(s.tokens), sum(s.tokens), sum(s.tokens * s.tokens),
    count(s.prompt_tokens), sum(s.prompt_tokens), sum(s.prompt_tokens * s.prompt_tokens),
    count(s.completion_tokens), sum(s.completion_tokens), sum(s.completion_tokens * s.completion_tokens),
    count(s.estimated_cost), sum(s.estimated_cost), sum(s.estimated_cost * s.estimated_cost)
FROM live AS l
LEFT JOIN spent AS s ON s.row = l.row
GROUP BY l.side, l.case_key
