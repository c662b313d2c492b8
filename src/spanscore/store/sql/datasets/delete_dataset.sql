DELETE FROM datasets WHERE number = ?
