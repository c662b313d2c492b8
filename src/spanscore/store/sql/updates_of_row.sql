-- In the order in which they came, which is the order in which they are laid over the row.
SELECT fields FROM updates WHERE trace_id = ? AND id = ? AND container = ? ORDER BY number
