SELECT d.number, d.id, d.name, d.description, d.metadata, d.created_ns, p.id, coalesce(p.name, p.id)
FROM datasets AS d
JOIN projects AS p ON p.id = d.project_id
WHERE :project IS NULL OR p.name = :project OR p.id = :project
ORDER BY d.number DESC
LIMIT :limit
