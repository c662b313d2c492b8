SELECT scorers, errors FROM experiments WHERE id = ?
