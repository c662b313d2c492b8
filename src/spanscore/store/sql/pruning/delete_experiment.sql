DELETE FROM experiments WHERE id = ?
