SELECT row, name, block, slot FROM rows WHERE row > (SELECT searched FROM counters) ORDER BY row LIMIT ?
