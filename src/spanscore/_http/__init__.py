"""Requests over HTTP of our own: one attempt, what its answer means."""
