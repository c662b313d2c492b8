-- Of a metric as of a score.
SELECT
    count(*), sum(count), sum(d), sum(d * d), sum(count * d), sum(count * count),
    sum(CASE count WHEN 1 THEN d * d ELSE squares - 2 * :near * total + count * :near * :near END),
    sum(total), 0
FROM (SELECT count, total, squares, total - count * :near AS d FROM measured WHERE side = 0 AND name = :name)
