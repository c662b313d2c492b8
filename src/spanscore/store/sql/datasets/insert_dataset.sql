INSERT INTO datasets (id, project_id, name, description, metadata, created_ns)
VALUES (:id, :project_id, :name, :description, :metadata, :created_ns)
