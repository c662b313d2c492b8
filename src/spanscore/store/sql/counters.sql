SELECT row, block, xact, searched FROM counters
