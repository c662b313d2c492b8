SELECT e.id, e.name, e.project_id, p.name, e.created_ns
FROM experiments AS e
JOIN projects AS p ON p.id = e.project_id
WHERE e.id = :reference AND (:project IS NULL OR p.name = :project OR p.id = :project)
