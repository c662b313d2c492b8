"""Containers: by name, by id, registered or not."""

import pytest

from finished_spans import PROJECT, finished
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


def test_a_project_by_name_and_by_id_is_one_container(store: SqliteStore) -> None:
    store.deliver([finished(span_id=1)])
    (row,) = store.rows(LOGS)
    assert row.project_id is not None
    by_id = f"project_id:{row.project_id}"
    store.deliver([finished(span_id=2, parent=by_id)])
    assert [(row.parent, row.id[-1]) for row in store.rows(LOGS)] == [(PROJECT, "1"), (PROJECT, "2")]
    assert list(store.rows(LOGS)) == list(store.rows(Parent.parse(by_id)))
    assert store.projects() == ["support bot"]


def test_containers_that_nobody_registered(store: SqliteStore) -> None:
    parents = ["experiment_id:unknown", "playground_id:g", "project_id:p"]
    store.deliver([finished(parent=parent) for parent in parents])
    rows = [next(store.rows(Parent.parse(parent))) for parent in parents]
    assert [(row.parent, row.project_id) for row in rows] == [
        (parents[0], None),
        (parents[1], None),
        (parents[2], "p"),
    ]
