"""Finished spans on their way to a destination."""

from spanscore.delivery._outbox import Flushed, Outbox

__all__ = ["Flushed", "Outbox"]
