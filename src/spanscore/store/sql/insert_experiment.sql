INSERT INTO experiments (id, project_id, name, description, metadata, tags, scorers, errors, created_ns)
VALUES (:id, :project_id, :name, :description, :metadata, :tags, :scorers, :errors, :created_ns)
