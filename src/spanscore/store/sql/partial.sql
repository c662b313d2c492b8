-- Why not all of an experiment can be there.
SELECT CASE WHEN is_unfinished THEN coalesce(partial || '; ', '') || 'its run has not ended' ELSE partial END
FROM experiments
WHERE id = ?
