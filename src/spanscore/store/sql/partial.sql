SELECT partial FROM experiments WHERE id = ?
