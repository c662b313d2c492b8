-- Sums over the inputs, of deviations from what is near the mean: the digits that sums of the values would lose stay.
SELECT
    count(*), sum(count), sum(d), sum(d * d), sum(count * d), sum(count * count),
    sum(CASE count WHEN 1 THEN d * d ELSE squares - 2 * :near * total + count * :near * :near END),
    sum(total), min(is_binary)
FROM (SELECT count, total, squares, is_binary, total - count * :near AS d FROM matched WHERE side = 0 AND name = :name)
