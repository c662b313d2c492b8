SELECT metadata FROM experiments WHERE id = ?
