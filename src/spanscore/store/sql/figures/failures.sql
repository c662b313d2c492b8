-- Names with a failure on either side.
SELECT DISTINCT name FROM outcomes WHERE kind = 2
