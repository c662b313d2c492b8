SELECT count(*) FROM experiments WHERE project_id = ?
