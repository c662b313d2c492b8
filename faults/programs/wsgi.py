"""A plain WSGI application whose every request records."""

from collections.abc import Callable, Iterable
from typing import Any

from faults.programs.recording import record, start

SPANS_PER_REQUEST = 10

start()
# In the master already, before it forks: its sender is running by then.
record(SPANS_PER_REQUEST, seconds=0.0)


def application(environ: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
    """Records, then answers."""
    record(SPANS_PER_REQUEST, seconds=0.0)
    respond("200 OK", [("Content-Length", "2")])
    return [b"ok"]
