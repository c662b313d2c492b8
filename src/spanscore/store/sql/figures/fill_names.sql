-- The scores of each side: those given, and of a scorer that gave none those that it gave on the other side, else one
-- of its own name.
INSERT OR IGNORE INTO names
SELECT side, name, scorer FROM given
UNION ALL
SELECT w.side, coalesce(g.name, w.scorer), w.scorer
FROM wanted AS w
LEFT JOIN given AS g ON g.scorer = w.scorer
