SELECT name, scorer FROM names WHERE side = 0 ORDER BY name
