"""The front doors: they turn what users pass into options, ask for the connection, and call the rest."""
