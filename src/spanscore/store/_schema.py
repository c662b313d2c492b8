"""The layout of the file: its version, and the steps from each version to the next."""

import sqlite3
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from spanscore.errors import StoreVersionError
from spanscore.store._connection import BUSY_TIMEOUT_S, not_ours
from spanscore.store._sql import sql

APPLICATION_ID: Final = 0x73706163
"""Says in the file's header that it is ours."""

_FIRST: Final = (
    "counters",
    "projects",
    "experiments",
    "containers",
    "blocks",
    "rows",
    "scores",
    "cases",
    "updates",
    "search",
)
_LATER: Final = ("attachments", "datasets", "comparison", "wholes")

_IDENTITY: Final = ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_master")


def migrations() -> tuple[str, ...]:
    """The scripts that lead from version n to n + 1, the first one from an empty file to version 1."""
    first = "\n".join(sql(f"schema/{name}") for name in _FIRST)
    return first, *(sql(f"schema/{name}") for name in _LATER)


def needs_migration(connection: sqlite3.Connection, steps: Sequence[str], path: Path) -> bool:
    """Whether the file is empty or older. Raises StoreVersionError if newer, StoreCorruptError if foreign."""
    # One snapshot: another process may be making the file at this moment.
    connection.execute("BEGIN")
    version, application, tables = (_number(connection, query) for query in _IDENTITY)
    connection.execute("COMMIT")
    if application != APPLICATION_ID and (application or version or tables):
        raise not_ours(path)
    if version > len(steps):
        raise StoreVersionError(
            f"{path} has version {version} and this spanscore knows versions up to {len(steps)}; "
            "upgrade spanscore, or set SPANSCORE_HOME to another folder"
        )
    return version < len(steps)


def migrate(connection: sqlite3.Connection, steps: Sequence[str], path: Path) -> None:
    """Bring the file to the newest version, in one transaction; several processes may do so at once."""
    if not needs_migration(connection, steps, path):
        return
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _use_write_ahead_log(connection)
    with transaction(connection):
        version = _number(connection, "PRAGMA user_version")
        if version >= len(steps):
            # Another process was faster.
            return
        for step in steps[version:]:
            for statement in statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def _number(connection: sqlite3.Connection, query: str) -> int:
    return connection.execute(query).fetchone()[0]


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """A transaction that has the write lock from its start; rolled back if the inside raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite's own busy time-out does not cover this change, which two new processes may make at once.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while not _tries_write_ahead_log(connection, is_last=time.monotonic() > deadline):
        time.sleep(0.01)


def _tries_write_ahead_log(connection: sqlite3.Connection, *, is_last: bool) -> bool:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or is_last:
            raise
        return False
    return True


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executed singly they stay inside the transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending
