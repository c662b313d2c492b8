SELECT count(DISTINCT s.row)
FROM scores AS s
JOIN live AS l ON l.side = 0 AND l.case_id = s.case_id
WHERE s.container = ? AND s.is_error
