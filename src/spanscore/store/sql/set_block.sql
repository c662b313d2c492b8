UPDATE blocks SET data = ?, erased = ? WHERE id = ?
