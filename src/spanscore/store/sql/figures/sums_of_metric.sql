-- Of a metric as of a score. METRIC is its name.
SELECT
    count(*), sum(count), sum(d), sum(d * d), sum(count * d), sum(count * count),
    sum(CASE count WHEN 1 THEN d * d ELSE squares - 2 * :near * total + count * :near * :near END),
    sum(total), 0
FROM (
    SELECT
        METRIC_count AS count, METRIC AS total, METRIC_squares AS squares, METRIC - METRIC_count * :near AS d
    FROM measured
    WHERE side = 0 AND METRIC_count > 0
)
