SELECT (SELECT row > searched FROM counters) OR EXISTS (SELECT 1 FROM stale)
