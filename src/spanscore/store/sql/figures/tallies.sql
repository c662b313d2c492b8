-- How many cases were scored, skipped and failed by each score, and what the scored ones add up to.
SELECT name, kind, count(*), sum(value) FROM outcomes WHERE side = 0 GROUP BY name, kind
