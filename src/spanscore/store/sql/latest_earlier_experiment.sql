-- The latest that has cases, and all that it wanted: a run that has not ended, or was killed, has not.
SELECT e.id, e.name, e.project_id, p.name, e.created_ns
FROM experiments AS e
JOIN projects AS p ON p.id = e.project_id
JOIN experiments AS this ON this.id = :id AND this.project_id = e.project_id AND e.number < this.number
JOIN containers AS c ON c.kind = 'experiment' AND c.key = e.id
WHERE e.partial IS NULL AND NOT e.is_unfinished AND EXISTS (SELECT 1 FROM cases WHERE container = c.id)
ORDER BY e.number DESC
LIMIT 1
