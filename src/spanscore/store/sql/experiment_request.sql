SELECT
    e.name, COALESCE(p.name, p.id), e.description, e.metadata, e.tags, e.is_public, e.repo_info, e.dataset_id,
    e.dataset_version
FROM experiments AS e
JOIN projects AS p ON p.id = e.project_id
WHERE e.id = ?
