"""Datasets in one file that several processes use."""

import subprocess
import sys
import textwrap
from os import environ, pathsep
from pathlib import Path

import pytest

from dataset_changes import dataset, inputs, insert
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetState
from spanscore.wire.seams import Datasets

pytestmark = pytest.mark.core

TESTS = Path(__file__).parent.parent
WRITER = """
    import sys
    from pathlib import Path
    from dataset_changes import dataset, insert, merge
    from spanscore.store import SqliteStore

    store, number = SqliteStore(Path(sys.argv[1])), int(sys.argv[2])
    ref = dataset(store)
    for each in range(40):
        store.datasets.write_records(ref.id, [
            insert(f"{number}-{each}", input=each),
            merge("shared", metadata={f"{number}": each}, tags=[f"{number}-{each}"]),
        ])
"""


def writer(path: Path, number: int) -> "subprocess.Popen[str]":
    environment = {**environ, "PYTHONPATH": pathsep.join([str(TESTS), *sys.path])}
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(number)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_it_is_the_seam(store: SqliteStore) -> None:
    datasets: Datasets = store.datasets
    assert datasets.writes_at_once == 1
    assert datasets.dataset_link(dataset(store, "a b")) == "spanscore datasets show 'shop/a b'"


def test_many_processes_change_one_dataset_and_lose_nothing(store: SqliteStore, path: Path) -> None:
    processes = [writer(path, number) for number in range(4)]
    sizes = [0]
    ref = dataset(store)
    while any(process.poll() is None for process in processes):
        sizes.append(store.datasets.dataset_state(ref.id).records)
    assert [process.communicate()[1] for process in processes] == [""] * 4
    assert sizes == sorted(sizes)
    assert dataset(store) == ref
    shared = next(each for each in store.datasets.read_records(ref.id) if each.id == "shared")
    assert shared.metadata == {f"{number}": 39 for number in range(4)}
    assert sorted(shared.tags or ()) == sorted(f"{n}-{each}" for n in range(4) for each in range(40))
    assert len(inputs(store, ref)) == 161
    assert store.datasets.dataset_state(ref.id).records == 161
    history = [
        store.datasets.dataset_state(ref.id, version=str(10**18 + number)).records for number in range(161)
    ]
    assert history == [0, *range(2, 162)]


def test_what_is_written_is_there_for_others_at_once(store: SqliteStore, path: Path) -> None:
    ref = dataset(store)
    version = store.datasets.write_records(ref.id, [insert("1", input=1)])
    other = SqliteStore(path)
    assert inputs(other, ref) == {"1": 1}
    assert other.datasets.dataset_state(ref.id) == DatasetState(records=1, version=version)
    other.close()
