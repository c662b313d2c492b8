SELECT number FROM datasets WHERE id = ?
