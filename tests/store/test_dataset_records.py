"""Records written and read at any version; against a model that keeps every version whole."""

import copy
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dataset_changes import dataset, delete, inputs, insert, merge
from spanscore._json import to_json
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore, _dataset_records
from spanscore.store._dataset_merge import merged
from spanscore.wire.attachments import FOLDER
from spanscore.wire.datasets import DatasetChange, DatasetRecord, DatasetState

pytestmark = pytest.mark.core


def test_a_record_comes_back_whole(store: SqliteStore) -> None:
    ref = dataset(store)
    fields: dict[str, Any] = {
        "input": {"q": "é\x00"},
        "expected": 2**70,
        "metadata": {"k": [None]},
        "tags": ["a"],
        "origin": {"object_type": "project_logs", "id": "s"},
    }
    version = store.datasets.write_records(ref.id, [insert("r", **fields), insert("bare", expected=None)])
    assert version == "1000000000000000001"
    first, second = store.datasets.read_records(ref.id)
    assert first == DatasetRecord(id="r", xact_id=version, created=first.created, **fields)
    assert second == DatasetRecord(id="bare", xact_id=version, created=first.created)


def test_a_transaction_is_whole_or_not_at_all(store: SqliteStore) -> None:
    ref = dataset(store)
    broken = DatasetChange(id="2", kind="insert", fields={"input": 3})  # pyright: ignore[reportArgumentType]
    with pytest.raises(Exception):  # noqa: B017 - whatever a broken change makes of it
        store.datasets.write_records(ref.id, [insert("1", input=1), broken])
    assert inputs(store, ref) == {}
    assert store.datasets.write_records(ref.id, [insert("1", input=1)]) == "1000000000000000001"


def test_changes_of_one_record_in_a_transaction_are_one_revision(store: SqliteStore) -> None:
    ref = dataset(store)
    changes = [insert("1", input={"a": 1}), merge("1", input={"b": 2}), delete("2"), insert("3", input=3)]
    store.datasets.write_records(ref.id, [*changes, delete("3")])
    assert inputs(store, ref) == {"1": {"a": 1, "b": 2}}


def test_what_changes_nothing_makes_no_version(store: SqliteStore) -> None:
    ref = dataset(store)
    version = store.datasets.write_records(ref.id, [insert("1", input=1, tags=["a"])])
    same = [insert("1", input=1, tags=["a"]), merge("1", tags=["a"]), delete("2")]
    assert [store.datasets.write_records(ref.id, [each]) for each in same] == [None] * 3
    keys = [insert("3", input={"a": 1, "b": 2}), insert("3", input={"b": 2, "a": 1})]
    assert [store.datasets.write_records(ref.id, [each]) is None for each in keys] == [False, True]
    assert store.datasets.write_records(ref.id, [delete("3")]) is not None
    assert store.datasets.write_records(ref.id, []) is None
    assert store.datasets.dataset_state(ref.id) == DatasetState(records=1, version=str(int(version or 0) + 2))


def test_a_record_keeps_its_place(store: SqliteStore) -> None:
    ref = dataset(store)
    store.datasets.write_records(ref.id, [insert(f"{n}", input=n) for n in range(4)])
    store.datasets.write_records(ref.id, [merge("1", input="one"), delete("2"), insert("0", input="zero")])
    store.datasets.write_records(ref.id, [insert("2", input="two"), insert("x", input="new")])
    assert list(inputs(store, ref).items()) == [
        ("0", "zero"), ("1", "one"), ("2", "two"), ("3", 3), ("x", "new")
    ]  # fmt: skip


def test_reading_sees_one_version_however_slowly_it_goes(store: SqliteStore) -> None:
    ref = dataset(store)
    store.datasets.write_records(ref.id, [insert(f"{n}", input=n) for n in range(10)])
    reading = store.datasets.read_records(ref.id, portion=2)
    seen = [next(reading).input]
    store.datasets.write_records(ref.id, [delete("9"), insert("new", input="n"), merge("5", input="m")])
    assert [*seen, *(each.input for each in reading)] == list(range(10))


def test_portions_end_by_their_size_too(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_dataset_records, "_PORTION_BYTES", 25)
    portions: list[int] = []
    portion = _dataset_records._portion

    def watched(*arguments: Any) -> list[tuple[Any, ...]]:
        found = portion(*arguments)
        portions.append(len(found))
        return found

    monkeypatch.setattr(_dataset_records, "_portion", watched)
    ref = dataset(store)
    store.datasets.write_records(ref.id, [insert(f"{n}", input="x" * 10) for n in range(7)])
    assert len(inputs(store, ref)) == 7
    assert portions == [3, 3, 1, 0]


def test_datasets_do_not_see_each_other(store: SqliteStore) -> None:
    first, second = dataset(store), dataset(store, "other")
    store.datasets.write_records(first.id, [insert("1", input="a")])
    store.datasets.write_records(second.id, [insert("1", input="b")])
    assert (inputs(store, first), inputs(store, second)) == ({"1": "a"}, {"1": "b"})


def test_an_unknown_dataset(store: SqliteStore) -> None:
    for use in (
        lambda: store.datasets.write_records("nope", [insert("1")]),
        lambda: next(store.datasets.read_records("nope")),
        lambda: store.datasets.dataset_state("nope"),
    ):
        with pytest.raises(NotFoundError, match="the store has no dataset with the id 'nope'"):
            use()


def test_differences_of_two_versions(store: SqliteStore) -> None:
    ref = dataset(store)
    before = store.datasets.write_records(ref.id, [insert(f"{n}", input={"n": n, "m": 0}) for n in range(4)])
    store.datasets.write_records(ref.id, [delete("0"), insert("1", input={"m": 0, "n": 1})])
    store.datasets.write_records(ref.id, [merge("2", expected="x"), insert("new", input=9)])
    found = [
        (old and (old.id, old.expected), new and (new.id, new.expected))
        for old, new in store.datasets.differences((ref.id, before), (ref.id, None))
    ]
    assert found == [(("0", None), None), (("2", None), ("2", "x")), (None, ("new", None))]
    assert list(store.datasets.differences((ref.id, None), (ref.id, None))) == []


def test_differences_of_two_datasets(store: SqliteStore) -> None:
    first, second = dataset(store), dataset(store, "other")
    store.datasets.write_records(first.id, [insert("1", input=1), insert("2", input=2)])
    store.datasets.write_records(second.id, [insert("2", input="two"), insert("1", input=1), insert("3")])
    found = [
        (old and old.input, new and new.input)
        for old, new in store.datasets.differences((first.id, None), (second.id, None))
    ]
    assert found == [(2, "two"), (None, None)]


def test_bytes_stay_as_long_as_a_version_refers_to_them(tmp_path: Path) -> None:
    key = "9f2c1111-0000-4000-8000-000000000000"
    waiting = tmp_path / "waiting"
    waiting.mkdir()
    (waiting / key).write_bytes(b"GIF89a")
    store = SqliteStore(tmp_path / "s.db", attachments=waiting)
    ref = dataset(store)
    picture = {"type": "braintrust_attachment", "key": key, "filename": "a.gif", "content_type": "image/gif"}
    store.datasets.write_records(ref.id, [insert("1", input={"picture": picture})])
    kept = tmp_path / FOLDER / key[:2] / key
    assert kept.read_bytes() == b"GIF89a"
    store.datasets.write_records(ref.id, [delete("1")])
    store.prune(1)
    assert kept.exists()
    store.datasets.delete_dataset(ref.id)
    assert not kept.exists()
    store.close()


IDS = st.sampled_from(["a", "b", "c"])
VALUES = st.none() | st.integers(0, 2) | st.dictionaries(st.sampled_from("xy"), st.integers(0, 1))


class Versions(RuleBasedStateMachine):
    """The model is a dict for each version, in the order of the records' first coming."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "s.db")
        self.ref = dataset(self.store)
        self.now: dict[str, Any] = {}
        self.order: list[str] = []
        self.versions: dict[str, dict[str, Any]] = {}

    def write(self, change: DatasetChange, after: dict[str, Any]) -> None:
        version = self.store.datasets.write_records(self.ref.id, [change])
        assert (version is None) == (after == self.now)
        self.now = after
        if change.id in after and change.id not in self.order:
            self.order.append(change.id)
        if version is not None:
            assert [int(version)] > [int(each) for each in list(self.versions)[-1:]]
            self.versions[version] = copy.deepcopy(after)

    @rule(id_=IDS, value=VALUES)
    def insert(self, id_: str, value: Any) -> None:
        self.write(insert(id_, input=value), {**self.now, id_: value})

    @rule(id_=IDS, value=VALUES)
    def merge(self, id_: str, value: Any) -> None:
        after = merged(self.now[id_], value) if id_ in self.now and self.now[id_] is not None else value
        self.write(merge(id_, input=value), {**self.now, id_: after})

    @rule(id_=IDS)
    def delete(self, id_: str) -> None:
        self.write(delete(id_), {key: value for key, value in self.now.items() if key != id_})

    @rule()
    def reopen(self) -> None:
        self.store.close()

    @invariant()
    def every_version_is_as_it_was(self) -> None:
        for version, model in self.versions.items():
            found = inputs(self.store, self.ref, version)
            assert list(found.items()) == [(key, model[key]) for key in self.order if key in model]
            state = self.store.datasets.dataset_state(self.ref.id, version=version)
            assert state == DatasetState(records=len(model), version=version)

    @invariant()
    def differences_lead_from_any_version_to_the_newest(self) -> None:
        for version, model in self.versions.items():
            after = dict(model)
            for old, new in self.store.datasets.differences((self.ref.id, version), (self.ref.id, None)):
                if new is None:
                    assert old is not None
                    del after[old.id]
                else:
                    assert old is None or to_json(old.input) != to_json(new.input)
                    after[new.id] = new.input
            assert after == self.now

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


Versions.TestCase.settings = settings(max_examples=12, stateful_step_count=9, deadline=None)


test_against_the_model = pytest.mark.core(Versions.TestCase)


def test_memory_stays_flat_however_much_there_is(store: SqliteStore) -> None:
    ref = dataset(store)
    for number in range(60):
        changes = [insert(f"{number}-{each}", input="x" * 50_000) for each in range(20)]
        store.datasets.write_records(ref.id, changes)
    tracemalloc.start()
    try:
        assert sum(1 for _record in store.datasets.read_records(ref.id)) == 1200
        assert (
            sum(1 for _pair in store.datasets.differences((ref.id, None), (dataset(store, "b").id, None)))
            == 1200
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # There are 60 MB, of which a portion has four, as text and as values.
    assert peak < 20_000_000
