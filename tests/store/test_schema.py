"""Versions of the file: made, migrated, by several at once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from finished_spans import PROJECT, finished
from spanscore.errors import StoreError
from spanscore.store import SqliteStore
from spanscore.store._schema import APPLICATION_ID, migrations, statements
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)
SECOND = "ALTER TABLE projects ADD COLUMN note TEXT;\nUPDATE projects SET note = 'migrated; ' || name;\n"
STEPS = (*migrations(), SECOND)


def pragma(path: Path, name: str) -> int | str:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def query(path: Path, text: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(text).fetchall()
    finally:
        connection.close()


def test_a_new_file(store: SqliteStore, path: Path) -> None:
    store.deliver([])
    names = ("user_version", "application_id", "journal_mode", "auto_vacuum")
    assert [pragma(path, name) for name in names] == [len(migrations()), APPLICATION_ID, "wal", 2]


@pytest.mark.parametrize("first_use", ["write", "read"])
def test_an_older_file_is_brought_forward_with_its_rows(
    store: SqliteStore, path: Path, first_use: str
) -> None:
    store.deliver([finished()])
    before = list(store.rows(LOGS))
    store.close()
    newer = SqliteStore(path, steps=STEPS)
    if first_use == "write":
        newer.deliver([])
    assert list(newer.rows(LOGS)) == before
    newer.close()
    assert pragma(path, "user_version") == len(STEPS)
    assert query(path, "SELECT note FROM projects") == [("migrated; support bot",)]


def test_a_migration_that_fails_changes_nothing(store: SqliteStore, path: Path) -> None:
    store.deliver([finished()])
    store.close()
    broken = SqliteStore(path, steps=(*migrations(), f"{SECOND} SELECT nonsense FROM nowhere;"))
    with pytest.raises(StoreError, match="no such table: nowhere"):
        broken.deliver([])
    assert pragma(path, "user_version") == len(migrations())
    assert len(list(store.rows(LOGS))) == 1


def test_many_make_and_migrate_one_file_at_once(path: Path) -> None:
    def use(number: int) -> None:
        store = SqliteStore(path, steps=STEPS)
        store.deliver([finished(span_id=number)])
        store.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(1, 25)))
    assert len(list(SqliteStore(path, steps=STEPS).rows(LOGS))) == 24
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_statements_of_a_script() -> None:
    script = "-- a; comment\nCREATE TABLE a (b);\nINSERT INTO a VALUES (';');\nSELECT 1"
    assert [each.strip() for each in statements(script)] == [
        "-- a; comment\nCREATE TABLE a (b);",
        "INSERT INTO a VALUES (';');",
        "SELECT 1",
    ]
