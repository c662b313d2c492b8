UPDATE counters SET row = ?, block = ?, xact = ?
