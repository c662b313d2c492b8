"""Small programs of users, each run in its own process; they know spanscore by its public names alone."""
