SELECT coalesce(name, id) FROM projects ORDER BY 1
