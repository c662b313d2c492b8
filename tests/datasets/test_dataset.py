"""The dataset as programs use it, over the embedded store."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dataset_changes import insert
from spanscore.datasets import Dataset, DatasetSummary, DataSummary, Target, View
from spanscore.errors import ConfigError
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetRequest, Project

pytestmark = pytest.mark.core

REQUEST = DatasetRequest(project="shop", name="faq", description="asked often", metadata={"v": 1})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "s.db")
    yield store
    store.close()


def opened(store: SqliteStore, **options: Any) -> Dataset:
    return Dataset(Target(lambda: store.datasets, REQUEST), **options)


def values(dataset: Dataset) -> list[Any]:
    return [row["input"] for row in dataset]


def test_a_row_is_a_case_with_its_origin(store: SqliteStore) -> None:
    dataset = opened(store)
    id_ = dataset.insert({"q": 1}, "a", ["t"], {"m": 1}, "r")
    (row,) = dataset.fetch()
    created, xact = row["created"], row["_xact_id"]
    origin = {
        "object_type": "dataset", "object_id": dataset.id, "id": "r", "_xact_id": xact, "created": created,
    }  # fmt: skip
    assert (id_, xact) == ("r", "1000000000000000001")
    assert row == {
        "id": "r",
        "input": {"q": 1},
        "expected": "a",
        "metadata": {"m": 1},
        "tags": ["t"],
        "origin": origin,
        "dataset_id": dataset.id,
        "created": created,
        "_xact_id": xact,
    }


def test_what_a_record_was_made_from_stays_known(store: SqliteStore) -> None:
    dataset = opened(store)
    store.datasets.write_records(dataset.id, [insert("1", input=1, origin={"object_type": "project_logs"})])
    assert [row["source"] for row in dataset] == [{"object_type": "project_logs"}]


def test_insert_update_and_delete(store: SqliteStore) -> None:
    dataset = opened(store)
    dataset.insert(input={"a": 1}, expected="x", tags=["t"], id="1")
    dataset.insert(input="gone", id="2")
    assert dataset.update("1", input={"b": 2}, tags=["u"]) == "1"
    assert dataset.delete("2") == "2"
    (row,) = dataset
    assert (row["input"], row["expected"], row["tags"]) == ({"a": 1, "b": 2}, "x", ["t", "u"])
    assert dataset.insert(input=3, output="old name", id="3") == "3"
    assert [row["expected"] for row in dataset] == ["x", "old name"]
    with pytest.raises(ConfigError, match="output is an old name of expected"):
        dataset.insert(input=1, expected=1, output=1)


def test_what_it_is(store: SqliteStore) -> None:
    dataset = opened(store)
    ref = store.datasets.open_dataset(REQUEST)
    assert (dataset.id, dataset.name, dataset.project) == (
        ref.id,
        "faq",
        Project(id=ref.project.id, name="shop"),
    )
    assert dataset.data == {
        "id": ref.id,
        "project_id": ref.project.id,
        "name": "faq",
        "description": "asked often",
        "metadata": {"v": 1},
        "created": ref.created,
    }


def test_nothing_is_made_before_it_is_used(tmp_path: Path, store: SqliteStore) -> None:
    opened(store)
    gc.collect()
    assert not (tmp_path / "s.db").exists()


def test_versions(store: SqliteStore) -> None:
    dataset = opened(store)
    assert dataset.version is None
    with pytest.raises(ConfigError, match="the dataset 'faq' has no records yet that a snapshot could keep"):
        dataset.snapshot("golden")
    dataset.insert(input=1, id="1")
    first = dataset.version
    snapshot = dataset.snapshot("golden", "looked at")
    dataset.insert(input=2, id="2")
    assert (snapshot.version, dataset.version, dataset.snapshots()) == (
        first,
        "1000000000000000002",
        [snapshot],
    )
    for old in (opened(store, view=View(version=first)), opened(store, view=View(snapshot="golden"))):
        assert (values(old), old.version, old.size()) == ([1], first, 1)
        with pytest.raises(
            ConfigError, match="this dataset was opened at a version, which cannot be changed"
        ):
            old.insert(input=3)
    assert (values(dataset), dataset.size()) == ([1, 2], 2)


async def test_asynchronous_reading(store: SqliteStore) -> None:
    dataset = opened(store)
    for number in range(250):
        dataset.insert(input=number)
    assert [row["input"] async for row in dataset] == list(range(250))


def test_the_old_name_of_expected(store: SqliteStore) -> None:
    dataset = opened(store, use_output=True)
    dataset.insert(input=1, expected=2)
    assert [(row["output"], "expected" in row) for row in dataset] == [(2, False)]


def test_what_stands_for_something_is_restored(store: SqliteStore) -> None:
    dataset = opened(store, restored=lambda value: [value])
    dataset.insert(input=1, expected=2, metadata={"m": 3})
    assert [(row["input"], row["expected"], row["metadata"]) for row in dataset] == [([1], [2], [{"m": 3}])]


def test_summaries(store: SqliteStore) -> None:
    dataset = opened(store)
    opened(store).insert(input=0)
    dataset.insert(input=1)
    summary = DatasetSummary(
        project_name="shop",
        dataset_name="faq",
        project_url="spanscore datasets list --project shop",
        dataset_url="spanscore datasets show shop/faq",
        data_summary=DataSummary(new_records=1, total_records=2),
    )
    assert dataset.summarize() == summary
    assert dataset.summarize(summarize_data=False).data_summary is None


def test_the_end_of_a_with_statement_and_close_write(store: SqliteStore) -> None:
    with opened(store) as dataset:
        dataset.insert(input=1)
    assert dataset.close() == dataset.id
    dataset.flush()
    assert values(dataset) == [1]
