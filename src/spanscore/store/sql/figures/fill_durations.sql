INSERT INTO measured
SELECT side, 'duration', case_key, coalesce(min(cluster), case_key), count(*), sum(duration), sum(duration * duration)
FROM live
WHERE side = :side
GROUP BY side, case_key
