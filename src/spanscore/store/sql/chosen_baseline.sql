SELECT e.id, e.name, e.project_id, p.name, e.created_ns
FROM experiments AS this
JOIN experiments AS e ON e.id = this.baseline_id
JOIN projects AS p ON p.id = e.project_id
WHERE this.id = :id
