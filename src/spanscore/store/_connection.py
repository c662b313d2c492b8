"""Connections to the store's file, and what their errors mean."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from spanscore.errors import StoreBusyError, StoreCorruptError, StoreError, StoreReadOnlyError

BUSY_TIMEOUT_S: Final = 30.0

_NOT_OURS: Final = "it is left as it is; move it away, or set SPANSCORE_HOME to another folder"
_MAKE_WRITABLE: Final = "make it and its folder writable, or set SPANSCORE_HOME to another folder"
_MEANINGS: Final[tuple[tuple[str, type[StoreError], str], ...]] = (
    ("locked", StoreBusyError, "another process holds it; wait until it has ended, and try again"),
    (
        "readonly",
        StoreReadOnlyError,
        "make it and its folder writable, or set SPANSCORE_HOME to another folder",
    ),
    (
        "unable to open",
        StoreReadOnlyError,
        "make its folder writable, or set SPANSCORE_HOME to another folder",
    ),
    ("not a database", StoreCorruptError, _NOT_OURS),
    ("malformed", StoreCorruptError, _NOT_OURS),
    ("full", StoreError, "free some space on the disk, or set SPANSCORE_HOME to another folder"),
)


@contextmanager
def meaning(path: Path) -> Generator[None]:
    """Turns SQLite's errors inside into ours, which name the file and the remedy."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        for sign, kind, remedy in _MEANINGS:
            if sign in text:
                raise kind(f"{path}: {text}; {remedy}") from error
        raise StoreError(f"{path}: {text}") from error


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; usable from any thread, by one at a time."""
    uri = path.absolute().as_uri()
    connection = _connect(f"{uri}?mode=ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.DatabaseError as error:
        connection.close()
        # SQLite reads no write-ahead file where it cannot keep its shared memory; in a folder that cannot be
        # written there is none, and nobody changes the file under us.
        if "locked" in str(error) or os.access(path.parent, os.W_OK):
            raise
        connection = _connect(f"{uri}?immutable=1")
    return connection


def connect_to_write(path: Path) -> sqlite3.Connection:
    """A connection in write-ahead mode; makes folder (0700) and file (0600) where they are missing."""
    make_file(path)
    connection = _connect(path.absolute().as_uri())
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        # Half of SQLite's default: the system caches these pages too, and here they are the user's memory.
        connection.execute("PRAGMA cache_size = -1000")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def make_file(path: Path) -> None:
    """Make the file and its folder, for their owner alone, unless they are there."""
    # A file that is there must not be opened by hand: closing it again would take the locks away that
    # SQLite's other connections of this process hold on it, and the next process to come would damage it.
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreReadOnlyError(f"{path}: {error.strerror}; {_MAKE_WRITABLE}") from error


def not_ours(path: Path) -> StoreCorruptError:
    """The error for a database that something else made."""
    return StoreCorruptError(f"{path} is a database of another program; {_NOT_OURS}")


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
