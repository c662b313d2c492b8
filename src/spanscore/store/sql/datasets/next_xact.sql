UPDATE counters SET xact = xact + 1
