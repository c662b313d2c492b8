"""The connection of this process: made by the first front door that needs it."""

import threading
from typing import Any

from opentelemetry.trace import TracerProvider

from spanscore._config import Settings
from spanscore._connect import Connection, connect
from spanscore.tracing import RECORDING

_lock = threading.Lock()
_connections: list[Connection] = []


def ensure_recording() -> Connection:
    """The connection in force; makes one from the environment and switches recording on if there is none."""
    with _lock:
        return _connections[-1] if _connections else _start(Settings.from_env(), provider=None)


def start_recording(*, provider: TracerProvider | None, **overrides: Any) -> Connection:
    """Switch recording on with these settings, in place of those in force."""
    settings = Settings.from_env(**overrides)
    with _lock:
        while _connections:
            _connections.pop().outbox.close()
        return _start(settings, provider=provider)


def stop_recording() -> None:
    """Switch recording off; what waits is delivered first."""
    with _lock:
        RECORDING.switch_off()
        while _connections:
            _connections.pop().outbox.close()


def connection_in_force() -> Connection | None:
    """The connection, or None while nothing has switched recording on."""
    return _connections[-1] if _connections else None


def _start(settings: Settings, *, provider: TracerProvider | None) -> Connection:
    connection = connect(settings)
    _connections.append(connection)
    RECORDING.switch_on(connection.outbox, settings, provider=provider)
    return connection
