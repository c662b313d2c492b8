SELECT row, block, xact, collisions, searched FROM counters
