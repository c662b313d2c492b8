-- A name, or project and name with a slash between; each of them may have slashes itself.
SELECT e.id, e.name, e.project_id, p.name, e.created_ns
FROM experiments AS e
JOIN projects AS p ON p.id = e.project_id
WHERE (e.name = :reference OR p.name || '/' || e.name = :reference) AND (:project IS NULL OR p.name = :project OR p.id = :project)
ORDER BY e.number DESC
