INSERT INTO given
SELECT DISTINCT :side, s.scorer, s.name
FROM scores AS s
JOIN live AS l ON l.side = :side AND l.case_id = s.case_id
WHERE s.container = :container AND s.name IS NOT NULL
