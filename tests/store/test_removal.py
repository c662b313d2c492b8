"""Rows out of the file: neighbours stay, and nothing of what is deleted does."""

import pytest

from finished_spans import PROJECT, finished
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


def count(store: SqliteStore, table: str) -> int:
    assert store._connection is not None
    return store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_neighbours_of_deleted_rows_keep_their_payloads(store: SqliteStore) -> None:
    store.deliver([finished({"braintrust.input": number}, span_id=number) for number in range(1, 151)])
    store.delete_rows(LOGS, [f"{number:016x}" for number in range(1, 151) if number % 3])
    assert [row.input for row in store.rows(LOGS)] == list(range(3, 151, 3))


def test_nothing_of_deleted_rows_is_left(store: SqliteStore) -> None:
    """Payloads are compressed: blocks are looked into, and all dead ones are gone."""
    store.deliver(
        [finished({"braintrust.input": f"secret{number}"}, span_id=number) for number in range(1, 101)]
    )
    assert store.search("secret1") != []
    store.deliver([finished({"braintrust.input": "anew"}, span_id=1)])
    store.delete_rows(LOGS, [f"{number:016x}" for number in range(2, 101)])
    assert (count(store, "blocks"), count(store, "stale")) == (1, 0)
    assert [row.input for row in store.rows(LOGS)] == ["anew"]
    store.delete_rows(LOGS, [f"{1:016x}"])
    assert (count(store, "blocks"), count(store, "rows")) == (0, 0)
