"""Datasets made, found, listed and deleted."""

import re

import pytest

from dataset_changes import dataset, insert
from spanscore.errors import ConfigError, NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetListing, DatasetRef, DatasetRequest, DatasetState, Project

pytestmark = pytest.mark.core


def test_a_dataset_is_made_once(store: SqliteStore) -> None:
    request = DatasetRequest(project="shop", name="faq", description="asked often", metadata={"v": 1})
    ref = store.datasets.open_dataset(request)
    again = store.datasets.open_dataset(DatasetRequest(project="shop", name="faq", description="other"))
    by_id = store.datasets.open_dataset(DatasetRequest(project_id=ref.project.id, name="faq"))
    assert ref == again == by_id
    assert ref == DatasetRef(
        id=ref.id,
        name="faq",
        project=Project(id=ref.project.id, name="shop"),
        created=ref.created,
        description="asked often",
        metadata={"v": 1},
    )
    assert store.projects() == ["shop"]


def test_the_default_name_is_braintrusts(store: SqliteStore) -> None:
    assert store.datasets.open_dataset(DatasetRequest(project="shop")).name == "logs"


def test_a_name_may_have_a_slash(store: SqliteStore) -> None:
    first = dataset(store, "b", "a")
    second = dataset(store, "a/b", "a")
    assert (first.name, second.name, first.id != second.id) == ("b", "a/b", True)
    assert dataset(store, "a/b", "a") == second


def test_a_dataset_needs_a_project(store: SqliteStore) -> None:
    with pytest.raises(ConfigError, match='a dataset needs a project; give project="support bot"'):
        store.datasets.open_dataset(DatasetRequest(name="faq"))


def test_what_a_dataset_is_found_by(store: SqliteStore) -> None:
    ref = dataset(store)
    other = dataset(store, project="bank")
    find = store.datasets.find_dataset
    assert [find(text) for text in (ref.id, ref.id[:8], "shop/faq")] == [ref] * 3
    assert find("faq", project="bank") == other
    expected = f"'faq' fits several datasets: bank/faq ({other.id}), shop/faq ({ref.id}); give an id or"
    with pytest.raises(NotFoundError, match=re.escape(expected)):
        find("faq")
    with pytest.raises(NotFoundError, match="no dataset 'fag' in project 'shop'; the newest are shop/faq"):
        find("fag", project="shop")


def test_an_empty_store_has_none(store: SqliteStore) -> None:
    assert store.datasets.list_datasets() == []
    with pytest.raises(NotFoundError, match="no dataset 'faq'; there are none"):
        store.datasets.find_dataset("faq")


def test_datasets_are_listed_newest_first(store: SqliteStore) -> None:
    first, second = dataset(store), dataset(store, "other", "bank")
    version = store.datasets.write_records(first.id, [insert("1", input=1), insert("2", input=2)])
    assert store.datasets.list_datasets() == [
        DatasetListing(ref=second, state=DatasetState(records=0, version=None)),
        DatasetListing(ref=first, state=DatasetState(records=2, version=version)),
    ]
    assert [each.ref for each in store.datasets.list_datasets(project="shop")] == [first]
    assert [each.ref for each in store.datasets.list_datasets(limit=1)] == [second]


def test_a_deleted_dataset_leaves_nothing(store: SqliteStore) -> None:
    gone, kept = dataset(store), dataset(store, "other")
    store.datasets.write_records(kept.id, [insert("1", input=1)])
    version = store.datasets.write_records(gone.id, [insert(f"{n}", input=n) for n in range(1500)])
    assert version is not None
    store.datasets.add_snapshot(gone.id, "first", version)
    store.datasets.delete_dataset(gone.id)
    assert [each.ref for each in store.datasets.list_datasets()] == [kept]
    assert store._connection is not None
    for table in ("dataset_records", "dataset_revisions", "dataset_snapshots"):
        count = store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        assert count == (0 if table == "dataset_snapshots" else 1)
    with pytest.raises(NotFoundError, match="the store has no dataset with the id"):
        store.datasets.delete_dataset(gone.id)
