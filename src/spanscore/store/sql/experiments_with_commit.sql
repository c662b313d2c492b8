-- Newest first, those that could be a baseline.
SELECT e.commit_id, e.id
FROM experiments AS e
JOIN containers AS c ON c.kind = 'experiment' AND c.key = e.id
WHERE e.project_id = ? AND e.commit_id IS NOT NULL AND e.partial IS NULL AND NOT e.is_unfinished
    AND EXISTS (SELECT 1 FROM cases WHERE container = c.id)
ORDER BY e.number DESC
