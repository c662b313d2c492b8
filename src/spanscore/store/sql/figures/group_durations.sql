INSERT INTO grouped
SELECT
    side, 1, 'duration', case_key, min(row), avg(v), count(*), sum(v), sum(v * v), 0, 0, coalesce(min(cluster), case_key)
FROM (SELECT side, case_key, row, cluster, (end_ns - start_ns) / 1e9 AS v FROM live)
GROUP BY side, case_key
