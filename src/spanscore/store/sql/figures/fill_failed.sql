-- A case whose task failed fails every score of its experiment, but those that its eval span has.
INSERT INTO outcomes
SELECT l.side, n.name, l.case_key, l.row, NULL, 2, l.cluster
FROM live AS l
JOIN names AS n ON n.side = l.side
WHERE l.side = :side AND l.is_error AND NOT EXISTS (
    SELECT 1 FROM scores AS s WHERE s.container = :container AND s.row = l.row AND s.name = n.name
)
