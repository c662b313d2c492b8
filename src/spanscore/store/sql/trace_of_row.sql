-- Feedback may know no more than the id of a row. No index serves for it alone: that would cost each row that is written
-- more than the few that are looked for.
SELECT trace_id FROM rows WHERE id = ? AND container = ? ORDER BY row DESC LIMIT 1
