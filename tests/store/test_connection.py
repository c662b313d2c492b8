"""What SQLite's errors mean."""

import sqlite3
from pathlib import Path

import pytest

from spanscore.errors import StoreBusyError, StoreCorruptError, StoreError, StoreReadOnlyError
from spanscore.store._connection import meaning

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("text", "kind", "remedy"),
    [
        ("database is locked", StoreBusyError, "wait until it has ended"),
        ("attempt to write a readonly database", StoreReadOnlyError, "writable"),
        ("unable to open database file", StoreReadOnlyError, "writable"),
        ("file is not a database", StoreCorruptError, "left as it is"),
        ("database disk image is malformed", StoreCorruptError, "left as it is"),
        ("database or disk is full", StoreError, "free some space"),
        ("something else", StoreError, "something else"),
    ],
)
def test_meaning(text: str, kind: type[StoreError], remedy: str) -> None:
    with pytest.raises(kind, match=remedy) as found, meaning(Path("home/s.db")):
        raise sqlite3.OperationalError(text)
    assert type(found.value) is kind
    assert str(found.value).startswith(f"home/s.db: {text}")
