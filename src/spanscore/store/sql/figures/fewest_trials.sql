SELECT min(count), max(count) FROM matched WHERE side = 0 AND name = ?
