-- How many cases have each metric, and its sum.
SELECT name, sum(count), sum(total) FROM measured WHERE side = ? GROUP BY name
