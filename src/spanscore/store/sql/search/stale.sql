SELECT row, name, block, slot FROM stale ORDER BY row LIMIT ?
