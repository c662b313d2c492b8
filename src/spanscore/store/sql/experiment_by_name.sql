SELECT id, created_ns FROM experiments WHERE project_id = ? AND name = ?
