-- Once single inputs are looked up.
CREATE INDEX IF NOT EXISTS temp.outcomes_by_input ON outcomes (case_key, name)
