DELETE FROM stale WHERE row = ?
