-- In the order in which they came, which is the order in which they are laid over the row.
SELECT fields FROM updates WHERE container = ? AND id = ? AND trace_id = ? ORDER BY number
