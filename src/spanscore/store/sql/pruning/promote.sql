-- The first of the spans that stood apart because the deleted row had their id takes it, so that it is found by it
-- when it is sent again.
UPDATE rows SET id = :id, span_id = NULL
WHERE row = (
    SELECT min(row) FROM rows WHERE container = :container AND id >= :hex || '-' AND id < :hex || '.'
)
