-- Scorers that were announced, and those that failed without saying a name.
INSERT INTO wanted
SELECT :side, value FROM json_each(:scorers) WHERE type = 'text'
UNION
SELECT :side, scorer FROM scores
WHERE container = :container AND case_id IS NOT NULL AND name IS NULL AND scorer IS NOT NULL
