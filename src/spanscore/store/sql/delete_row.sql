DELETE FROM rows WHERE row = ?
