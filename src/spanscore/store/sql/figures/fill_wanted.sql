-- Beside the scorers that were announced, those that failed without saying a name.
INSERT INTO wanted
SELECT DISTINCT :side, s.scorer
FROM scores AS s
JOIN live AS l ON l.side = :side AND l.case_id = s.case_id
WHERE s.container = :container AND s.name IS NULL AND s.scorer IS NOT NULL
