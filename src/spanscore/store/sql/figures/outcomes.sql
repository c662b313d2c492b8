SELECT name, kind, value FROM outcomes WHERE side = 0
