SELECT coalesce(sum(times - 1), 0)
FROM (SELECT count(*) AS times FROM rows GROUP BY container, id HAVING times > 1)
