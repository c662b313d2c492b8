-- A container with its project: its own, or the one that its experiment belongs to.
SELECT c.kind, c.key, p.name, coalesce(p.id, e.project_id)
FROM containers AS c
LEFT JOIN projects AS p ON c.kind = 'project' AND p.id = c.key
LEFT JOIN experiments AS e ON c.kind = 'experiment' AND e.id = c.key
WHERE c.id = ?
