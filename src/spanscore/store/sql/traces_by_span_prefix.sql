-- Goes through all rows, which are narrow: span ids have no index of their own.
SELECT DISTINCT trace_id FROM rows WHERE id BETWEEN ? AND ? LIMIT ?
