SELECT min(count), max(count) FROM grouped WHERE side = 0 AND is_metric = 0 AND name = ?
