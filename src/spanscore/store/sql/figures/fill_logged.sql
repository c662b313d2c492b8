-- What the program has logged itself: of a case the sum over its eval span and its task.
INSERT INTO measured
SELECT :side, name, case_key, coalesce(min(cluster), case_key), count(*), sum(value), sum(value * value)
FROM (
    SELECT m.name, l.case_key, min(l.cluster) AS cluster, sum(m.value) AS value
    FROM metrics AS m
    JOIN live AS l ON l.side = :side AND l.case_id = m.case_id
    WHERE m.container = :container
    GROUP BY m.name, l.case_id
)
GROUP BY name, case_key
