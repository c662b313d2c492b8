"""Writing: upserts, updates before and after their span, collisions; against a dict as the model."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from opentelemetry.sdk.trace import ReadableSpan

from finished_spans import PROJECT, finished
from spanscore._json import to_json
from spanscore.store import SqliteStore, ingest
from spanscore.store._updates import updated, valid_fields
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.rows import Row

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


def update(span_id: int = 1, trace_id: int = 1, parent: str = PROJECT, **fields: Any) -> RowUpdate:
    texts = {name: to_json(value) for name, value in fields.items()}
    return RowUpdate(parent=parent, trace_id=trace_id, span_id=span_id, fields=texts)


def plain(row: Row) -> Row:
    """The row without what a store adds."""
    return dataclasses.replace(row, project_id=None, xact_id=None)


def stored(store: SqliteStore) -> list[Row]:
    return [plain(row) for row in store.rows(LOGS)]


def test_a_row_comes_back_whole(store: SqliteStore) -> None:
    attributes = {"braintrust.input": "hi", "braintrust.metadata": '{"é":"\\u0000"}', "x": "\x00\x01"}
    span = finished(attributes, trace_id=2**128 - 1, span_id=2**64 - 1, above=2**63)
    store.deliver([span])
    (row,) = store.rows(LOGS)
    assert plain(row) == ingest(span)
    assert row.xact_id == "1000000000000000001"
    assert row.metadata == {"é": "\x00", "x": "\x00\x01"}


def test_the_newest_of_a_re_sent_span_is_stored_once(store: SqliteStore) -> None:
    first, second = finished({"braintrust.input": "1"}), finished({"braintrust.input": "2"})
    store.deliver([first])
    store.deliver([second])
    store.deliver([first, second])
    assert stored(store) == [ingest(second)]
    assert [row.xact_id for row in store.rows(LOGS)] == ["1000000000000000003"]


def test_a_batch_of_old_and_new_and_doubled_spans(store: SqliteStore) -> None:
    spans = [finished(span_id=number, start_s=number) for number in range(1, 200)]
    store.deliver(spans[:100])
    store.deliver([*spans[50:], spans[150], *spans[120:130]])
    assert stored(store) == [ingest(span) for span in spans]


def test_an_update_merges_objects_unites_tags_and_replaces_the_rest(store: SqliteStore) -> None:
    span = finished(
        {
            "braintrust.metadata": '{"a":{"x":1},"b":[1]}',
            "braintrust.tags": ("one",),
            "braintrust.output_json": '{"k":1}',
            "braintrust.scores": '{"s":0.5}',
        }
    )
    store.deliver([span])
    fields: dict[str, Any] = {
        "metadata": {"a": {"y": 2}, "b": [2]},
        "tags": ["two", "one"],
        "output": {"l": 2},
        "scores": {"t": 1},
    }
    store.deliver([update(**fields)])
    (row,) = store.rows(LOGS)
    assert (row.metadata, row.tags, row.output, row.scores) == (
        {"a": {"x": 1, "y": 2}, "b": [2]},
        ["one", "two"],
        {"l": 2},
        {"s": 0.5, "t": 1},
    )


@pytest.mark.parametrize("order", ["before", "after", "in one batch", "in one batch, before"])
def test_an_update_is_not_lost_whenever_it_comes(store: SqliteStore, order: str) -> None:
    span, changes = finished({"braintrust.input": "i"}), [update(output="o"), update(error="e", output="p")]
    batches: dict[str, list[list[Any]]] = {
        "before": [[changes[0]], [changes[1]], [span]],
        "after": [[span], changes],
        "in one batch": [[span, *changes]],
        "in one batch, before": [[*changes, span]],
    }
    for batch in batches[order]:
        store.deliver(batch)
    assert [(row.input, row.output, row.error) for row in store.rows(LOGS)] == [("i", "p", "e")]


def test_a_span_that_is_re_sent_after_its_update_keeps_it(store: SqliteStore) -> None:
    span = finished({"braintrust.input": "i"})
    for batch in ([span], [update(output="o")], [span]):
        store.deliver(batch)
    assert [(row.input, row.output) for row in store.rows(LOGS)] == [("i", "o")]


def test_spans_of_one_id_in_two_traces_are_both_kept_and_counted(store: SqliteStore) -> None:
    first, second = (
        finished({"braintrust.input": "1"}, trace_id=1),
        finished({"braintrust.input": "2"}, trace_id=2),
    )
    store.deliver([first])
    store.deliver([second])
    store.deliver([second, first, update(trace_id=2, output="o")])
    assert [(row.root_span_id[-1], row.id[-1], row.input, row.output) for row in store.rows(LOGS)] == [
        ("1", "1", "1", None),
        ("2", "1", "2", "o"),
    ]
    assert store.collisions() == 1


def test_a_collision_within_one_batch(store: SqliteStore) -> None:
    store.deliver([finished(trace_id=1), finished(trace_id=2)])
    assert [row.root_span_id[-1] for row in store.rows(LOGS)] == ["1", "2"]
    assert store.collisions() == 1


def test_one_span_id_in_two_containers_is_two_rows(store: SqliteStore) -> None:
    store.deliver([finished(), finished(parent="experiment_id:e")])
    assert len(stored(store)) == 1
    assert len(list(store.rows(Parent.parse("experiment_id:e")))) == 1
    assert store.collisions() == 0


def test_a_batch_that_fails_leaves_nothing(store: SqliteStore, path: Path) -> None:
    """Also no number of a container that was rolled back with it."""
    store.deliver([])
    assert store._connection is not None
    store._connection.execute(
        "CREATE TRIGGER no BEFORE INSERT ON blocks BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        store.deliver([finished()])
    store._connection.execute("DROP TRIGGER no")
    assert stored(store) == []
    store.deliver([finished(parent="experiment_id:e"), finished()])
    assert stored(store) == [ingest(finished())]


def test_large_payloads_do_not_share_a_block(store: SqliteStore) -> None:
    spans = [finished({"braintrust.input": "x" * 300_000}, span_id=number) for number in range(1, 4)]
    store.deliver([*spans, finished(span_id=4), finished(span_id=5)])
    assert store._connection is not None
    assert store._connection.execute("SELECT slots FROM blocks ORDER BY id").fetchall() == [
        (1,),
        (1,),
        (1,),
        (2,),
    ]


SPAN_IDS = st.integers(1, 4)
TRACE_IDS = st.integers(1, 2)
VALUES = st.sampled_from([{"a": 1}, {"b": {"c": 2}}, {"b": {"d": 3}}, {"a": [1, 2]}])
TAGS = st.lists(st.sampled_from("xyz"), unique=True, max_size=2)


class Model(RuleBasedStateMachine):
    """Deliver, re-send, update, delete, search and reopen in any order: the rows are those of a dict."""

    def __init__(self) -> None:
        super().__init__()
        # A temporary file: the machine has no fixtures.
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "s.db")
        self.spans: dict[tuple[int, int], Row] = {}
        self.updates: list[RowUpdate] = []

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(batch=st.lists(st.tuples(TRACE_IDS, SPAN_IDS, VALUES), min_size=1, max_size=3))
    def deliver(self, batch: list[tuple[int, int, Any]]) -> None:
        spans = [self._span(*each) for each in batch]
        self.store.deliver(spans)
        for (trace_id, span_id, _value), span in zip(batch, spans, strict=True):
            self.spans[trace_id, span_id] = ingest(span)

    @staticmethod
    def _span(trace_id: int, span_id: int, value: Any) -> ReadableSpan:
        attributes = {"braintrust.metadata": to_json(value), "braintrust.input": f"word{span_id} {value}"}
        return finished(attributes, trace_id=trace_id, span_id=span_id, start_s=span_id)

    @rule(trace_id=TRACE_IDS, span_id=SPAN_IDS, value=VALUES, tags=TAGS)
    def update(self, trace_id: int, span_id: int, value: Any, tags: list[str]) -> None:
        change = update(span_id, trace_id, metadata=value, tags=tags)
        self.store.deliver([change])
        self.updates.append(change)

    @rule(span_id=SPAN_IDS)
    def delete(self, span_id: int) -> None:
        """By id, which is that of the spans of both traces."""
        gone = [key for key in self.spans if key[1] == span_id]
        if not self.spans:
            return
        assert self.store.delete_rows(LOGS, [f"{span_id:016x}"]) == len(gone)
        for key in gone:
            del self.spans[key]
        self.updates = [each for each in self.updates if (each.trace_id, each.span_id) not in gone]

    @rule()
    def search(self) -> None:
        for span_id in range(1, 5):
            found = {
                (int(row.root_span_id, 16), int(row.id, 16)) for row in self.store.search(f"word{span_id}")
            }
            assert found == {key for key in self.spans if key[1] == span_id}

    @rule()
    def reopen(self) -> None:
        self.store.close()

    @invariant()
    def rows_are_those_of_the_model(self) -> None:
        expected: list[Row] = []
        for key, row in self.spans.items():
            for change in self.updates:
                if (change.trace_id, change.span_id) == key:
                    row = updated(row, valid_fields(change.fields))
            expected.append(row)
        assert sorted(stored(self.store), key=repr) == sorted(expected, key=repr)


Model.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
test_any_order_of_writes = pytest.mark.core(Model.TestCase)


def test_an_update_that_knows_the_row_by_its_id_alone_finds_it(store: SqliteStore) -> None:
    store.deliver([finished(trace_id=7, span_id=1), finished(trace_id=8, span_id=2)])
    store.deliver([update(span_id=2, trace_id=0, scores={"good": 1})])
    assert [row.scores for row in stored(store)] == [{}, {"good": 1}]


def test_an_update_that_knows_the_row_by_its_id_alone_waits_for_it(store: SqliteStore) -> None:
    store.deliver([update(span_id=2, trace_id=0, scores={"good": 1})])
    store.deliver([finished(trace_id=7, span_id=1), finished(trace_id=8, span_id=2)])
    store.deliver([finished({"braintrust.input": "again"}, trace_id=8, span_id=2)])
    assert [(row.scores, row.input) for row in stored(store)] == [({}, None), ({"good": 1}, "again")]


def test_a_row_in_the_place_of_another_is_told_nothing_of_what_that_one_was_told(store: SqliteStore) -> None:
    first, second = (
        finished({"braintrust.output": text}, start_s=start) for start, text in ((1, "a"), (2, "b"))
    )
    store.deliver([first])
    store.deliver([update(1, trace_id=1, output="corrected", scores={"good": 1})])
    store.deliver([second])
    assert [(row.output, row.scores) for row in stored(store)] == [("b", {})]
    store.deliver([update(1, trace_id=1, scores={"good": 0})])
    store.deliver([second])
    assert [(row.output, row.scores) for row in stored(store)] == [("b", {"good": 0})]


@pytest.mark.parametrize("trace_id", [0, 1])
def test_in_one_batch_what_was_told_between_two_rows_is_of_the_first(
    store: SqliteStore, trace_id: int
) -> None:
    first, second = (
        finished({"braintrust.output": text}, start_s=start) for start, text in ((1, "a"), (2, "b"))
    )
    before = update(1, trace_id=trace_id, output="corrected")
    after = update(1, trace_id=trace_id, scores={"good": 1})
    store.deliver([first, before, second, after])
    assert [(row.output, row.scores) for row in stored(store)] == [("b", {"good": 1})]
