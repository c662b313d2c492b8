INSERT INTO stale SELECT row, name, block, slot FROM rows WHERE row = ?
