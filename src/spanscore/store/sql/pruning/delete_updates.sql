DELETE FROM updates WHERE container = ?
