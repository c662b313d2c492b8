-- Distinct inputs of the experiment, of both, and of the baseline.
SELECT
    (SELECT count(DISTINCT case_key) FROM live WHERE side = 0),
    (SELECT count(*) FROM (SELECT case_key FROM live WHERE side = 0 INTERSECT SELECT case_key FROM live WHERE side = 1)),
    (SELECT count(DISTINCT case_key) FROM live WHERE side = 1)
