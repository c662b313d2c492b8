"""gunicorn --preload with two workers, asked until the spans are made, then told to end."""

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time

from faults.programs.recording import MARKS, SPANS
from faults.programs.wsgi import SPANS_PER_REQUEST

_PATIENCE_S = 20.0


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ask(port: int) -> None:
    """One request; waits for the server to come up."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            answered = connection.getresponse().read() == b"ok"
            connection.close()
            if answered:
                return
        time.sleep(0.05)
    MARKS.count(exceptions=1)


if __name__ == "__main__":
    port = free_port()
    options = ["--preload", "--workers=2", f"--bind=127.0.0.1:{port}", "--log-level=warning"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "faults.programs.wsgi:application"]
    )
    for _ in range(SPANS // SPANS_PER_REQUEST):
        ask(port)
    server.send_signal(signal.SIGTERM)
    MARKS.last_statement()
    try:
        server.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        MARKS.count(hangs=1)
