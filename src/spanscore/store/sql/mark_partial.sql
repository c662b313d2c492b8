-- Beside how the cases were chosen, if not all were; NULL takes everything back.
UPDATE experiments
SET
    partial = CASE WHEN :reason IS NULL THEN NULL ELSE coalesce(partial || '; ', '') || :reason END,
    is_unfinished = 0
WHERE id = :id
