SELECT EXISTS (
    SELECT 1 FROM rows WHERE container = ? AND (tokens IS NOT NULL OR estimated_cost IS NOT NULL)
)
