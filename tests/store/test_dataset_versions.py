"""Versions by number and by name."""

import re

import pytest

from dataset_changes import dataset, inputs, insert
from spanscore.errors import ConfigError, NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetSnapshot

pytestmark = pytest.mark.core


def two_versions(store: SqliteStore) -> tuple[str, str, str]:
    ref = dataset(store)
    first = store.datasets.write_records(ref.id, [insert("1", input="one")])
    second = store.datasets.write_records(ref.id, [insert("2", input="two")])
    assert first is not None
    assert second is not None
    return ref.id, first, second


def test_a_snapshot_is_a_version_with_a_name(store: SqliteStore) -> None:
    id_, first, second = two_versions(store)
    snapshot = store.datasets.add_snapshot(id_, "golden", first, description="looked at")
    assert snapshot == DatasetSnapshot(
        id=snapshot.id, name="golden", version=first, created=snapshot.created, description="looked at"
    )
    assert store.datasets.add_snapshot(id_, "golden", first) == snapshot
    other = store.datasets.add_snapshot(id_, "newer", second)
    assert store.datasets.snapshots(id_) == [snapshot, other]
    assert [each.id for each in store.datasets.read_records(id_, version="golden")] == ["1"]
    assert store.datasets.dataset_version(id_, snapshot="golden") == first
    assert store.datasets.dataset_state(id_, version="golden").records == 1


def test_a_name_stays_with_its_version(store: SqliteStore) -> None:
    id_, first, second = two_versions(store)
    store.datasets.add_snapshot(id_, "golden", first)
    with pytest.raises(ConfigError, match=f"the snapshot 'golden' is version {first} already, and stays it"):
        store.datasets.add_snapshot(id_, "golden", second)


@pytest.mark.parametrize("name", ["", " ", "12"])
def test_a_name_is_no_number(store: SqliteStore, name: str) -> None:
    id_, first, _second = two_versions(store)
    with pytest.raises(ConfigError, match="give a name that is no number"):
        store.datasets.add_snapshot(id_, name, first)


def test_versions_that_never_were(store: SqliteStore) -> None:
    id_, _first, second = two_versions(store)
    store.datasets.add_snapshot(id_, "golden", second)
    future = str(int(second) + 1)
    expected = f"the dataset has no version {future}; its newest is {second}"
    with pytest.raises(NotFoundError, match=re.escape(expected)):
        next(store.datasets.read_records(id_, version=future))
    with pytest.raises(NotFoundError, match="the dataset has no snapshot 'gold'; it has 'golden'"):
        store.datasets.dataset_state(id_, version="gold")
    with pytest.raises(NotFoundError, match="its newest is the empty one"):
        store.datasets.dataset_state(dataset(store, "empty").id, version="9" * 30)


def test_a_version_before_the_first_is_empty(store: SqliteStore) -> None:
    ref = dataset(store)
    store.datasets.write_records(ref.id, [insert("1", input="one")])
    assert inputs(store, ref, "1000000000000000000") == {}


def test_there_are_no_environments(store: SqliteStore) -> None:
    id_, _first, second = two_versions(store)
    assert store.datasets.dataset_version(id_) == second
    assert store.datasets.dataset_version(dataset(store, "empty").id) is None
    with pytest.raises(ConfigError, match="environment='production' is Braintrust's: the embedded store has"):
        store.datasets.dataset_version(id_, environment="production")
