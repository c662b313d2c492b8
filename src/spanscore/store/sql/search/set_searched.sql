-- Without a number: up to the last one given out.
UPDATE counters SET searched = coalesce(?, row)
