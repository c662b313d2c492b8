"""Chooses destinations and backend from settings."""

from dataclasses import dataclass

from spanscore._config import Settings
from spanscore.delivery import Outbox
from spanscore.wire.seams import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What the front doors work with: where finished spans go, and who knows about experiments."""

    settings: Settings
    outbox: Outbox
    backend: Backend


def connect(settings: Settings) -> Connection:
    """The embedded store under `settings.home`, as destination and as backend. Opens nothing yet."""
    # Here and not at the top: only a program that records needs the store and its database driver.
    from spanscore.store import SqliteStore  # noqa: PLC0415

    store = SqliteStore(settings.home / STORE_FILE)
    return Connection(settings=settings, outbox=Outbox(store), backend=store)


STORE_FILE = "spanscore.db"
