SELECT xact FROM counters
