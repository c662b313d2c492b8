SELECT id FROM containers WHERE kind = ? AND key = ?
