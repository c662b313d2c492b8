-- A failed scorer fails all scores that it is known to give. A score given twice for a case counts once, as the mean.
-- What stands on the eval span itself was given in place of what failed.
INSERT INTO outcomes
SELECT
    :side,
    name,
    case_key,
    row,
    CASE WHEN max(is_error) > max(is_own) THEN NULL ELSE avg(value) END,
    CASE WHEN max(is_error) > max(is_own) THEN 2 WHEN count(value) = 0 THEN 1 ELSE 0 END,
    cluster
FROM (
    SELECT
        l.row,
        l.case_key,
        l.cluster,
        CASE WHEN s.is_error THEN coalesce(g.name, s.name, s.scorer) ELSE s.name END AS name,
        s.value,
        s.is_error,
        s.row = l.row AS is_own
    FROM scores AS s
    JOIN live AS l ON l.side = :side AND l.case_id = s.case_id
    LEFT JOIN given AS g ON s.is_error AND g.scorer = s.scorer
    WHERE s.container = :container AND (NOT l.is_error OR s.row = l.row)
)
GROUP BY row, name
