-- What model calls took, of those cases that have said so.
INSERT INTO measured
SELECT l.side, 'tokens', l.case_key, coalesce(min(l.cluster), l.case_key), count(*), sum(s.tokens), sum(s.tokens * s.tokens)
FROM live AS l
JOIN spent AS s ON s.row = l.row AND s.tokens IS NOT NULL
GROUP BY l.side, l.case_key
UNION ALL
SELECT l.side, 'prompt_tokens', l.case_key, coalesce(min(l.cluster), l.case_key), count(*), sum(s.prompt_tokens), sum(s.prompt_tokens * s.prompt_tokens)
FROM live AS l
JOIN spent AS s ON s.row = l.row AND s.prompt_tokens IS NOT NULL
GROUP BY l.side, l.case_key
UNION ALL
SELECT l.side, 'completion_tokens', l.case_key, coalesce(min(l.cluster), l.case_key), count(*), sum(s.completion_tokens), sum(s.completion_tokens * s.completion_tokens)
FROM live AS l
JOIN spent AS s ON s.row = l.row AND s.completion_tokens IS NOT NULL
GROUP BY l.side, l.case_key
UNION ALL
SELECT l.side, 'estimated_cost', l.case_key, coalesce(min(l.cluster), l.case_key), count(*), sum(s.estimated_cost), sum(s.estimated_cost * s.estimated_cost)
FROM live AS l
JOIN spent AS s ON s.row = l.row AND s.estimated_cost IS NOT NULL
GROUP BY l.side, l.case_key
