SELECT data FROM blocks WHERE id = ?
