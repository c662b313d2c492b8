"""The connection of this process: made by the first front door that needs it."""

import os
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.trace import TracerProvider

from spanscore._config import Settings
from spanscore._json import CREDENTIALS
from spanscore.errors import ConfigError
from spanscore.tracing import RECORDING, budget_of

if TYPE_CHECKING:
    from spanscore._connect import Connection
    from spanscore.delivery import Outbox, TailSampling


class _InForce:
    """The connection in force and the lock that guards its making."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.connection: Connection | None = None
        self.others: weakref.WeakSet[Outbox] = weakref.WeakSet()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        # A thread that the forked child does not have may have held it.
        self.lock = threading.RLock()

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.outbox.close()


_in_force = _InForce()


def ensure_recording(
    *, api_key: str | None = None, app_url: str | None = None, org_name: str | None = None
) -> "Connection":
    """The connection in force; makes one from the environment and switches recording on if there is none.

    Raises ConfigError if the account that is asked for is another than that of the connection in force.
    """
    account = {"api_key": api_key, "app_url": app_url, "org_name": org_name}
    asked = {name: value for name, value in account.items() if value is not None}
    with _in_force.lock:
        if _in_force.connection is None:
            return _start(Settings.from_env(**asked), provider=None)
        _check_account(_in_force.connection.settings, asked)
        return _in_force.connection


def _check_account(settings: Settings, asked: dict[str, str]) -> None:
    """Spans of one process go to one account: what is asked for must be it."""
    in_force = {"api_key": settings.find_api_key() if "api_key" in asked else None}
    in_force |= {"app_url": settings.app_url.rstrip("/"), "org_name": settings.org_name}
    wanted = {name: value.strip().rstrip("/") for name, value in asked.items()}
    if other := [name for name, value in wanted.items() if value != in_force[name]]:
        raise ConfigError(
            f"{', '.join(other)}: this process records for another account already; spans of one process go "
            "to one account, which setup(…) changes; use a process for each account"
        )


def start_recording(
    *,
    provider: TracerProvider | None,
    exporters: Sequence[SpanExporter] = (),
    tail: "TailSampling | None" = None,
    **overrides: Any,
) -> "Connection":
    """Switch recording on with these settings, in place of those in force."""
    settings = Settings.from_env(**overrides)
    with _in_force.lock:
        return _start(settings, provider=provider, exporters=exporters, tail=tail)


def stop_recording() -> None:
    """Switch recording off; what waits is delivered first, for as long as the end of a process would wait."""
    with _in_force.lock:
        RECORDING.switch_off()
        _in_force.close()
        _in_force.others.clear()


def connection_in_force() -> "Connection | None":
    """The connection, or None while nothing has switched recording on."""
    return _in_force.connection


def outboxes_in_use() -> "list[Outbox]":
    """Where finished spans go: by the connection in force, and by processors of the program."""
    own = [] if _in_force.connection is None else [_in_force.connection.outbox]
    return own + [outbox for outbox in _in_force.others if outbox not in own]


def flush_with_others(outbox: "Outbox") -> None:
    """Have `flush` wait for the outbox of a processor too, for as long as somebody holds it."""
    _in_force.others.add(outbox)


def _start(settings: Settings, *, provider: TracerProvider | None, **options: Any) -> "Connection":
    # Here and not at the top: what is not recorded need not be delivered.
    from spanscore._connect import connect  # noqa: PLC0415
    from spanscore.delivery import MASKING  # noqa: PLC0415

    connection = connect(settings, **options)
    before, _in_force.connection = _in_force.connection, connection
    CREDENTIALS.is_on = settings.redact
    MASKING.max_bytes = budget_of(settings)
    RECORDING.switch_on(connection.outbox, connection.settings, provider=provider)
    RECORDING.permalink = None if connection.account is None else connection.account.span_page
    if before is not None:
        before.outbox.close()
    return connection
