SELECT c.name, c.label, count(*)
FROM classifications AS c
JOIN live AS l ON l.side = 0 AND l.case_id = c.case_id
WHERE c.container = ?
GROUP BY c.name, c.label
ORDER BY c.name, count(*) DESC, c.label
