INSERT INTO given
SELECT DISTINCT :side, scorer, name
FROM scores
WHERE container = :container AND case_id IS NOT NULL AND name IS NOT NULL
