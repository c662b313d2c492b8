"""Deleting: what goes, what stays, and that nothing of it is left in the file."""

from pathlib import Path
from random import Random

import pytest

from finished_spans import PROJECT, SECOND_NS, START_NS, CaseSpans, finished
from spanscore._json import to_json
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core

LOGS = Parent.parse(PROJECT)


def ids(store: SqliteStore, parent: Parent = LOGS) -> list[int]:
    return [int(row.span_id, 16) for row in store.rows(parent)]


def count(store: SqliteStore, table: str) -> int:
    assert store._connection is not None
    return store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_delete_rows(store: SqliteStore) -> None:
    store.deliver([finished(span_id=number) for number in range(1, 5)])
    assert store.delete_rows(LOGS, [f"{2:016x}", f"{4:016x}", f"{9:016x}", "no id"]) == 2
    assert ids(store) == [1, 3]
    with pytest.raises(NotFoundError, match="the store has no project_name:other"):
        store.delete_rows(Parent.parse("project_name:other"), [])


def test_a_deleted_row_that_is_sent_again_has_no_old_updates(store: SqliteStore) -> None:
    update = RowUpdate(parent=PROJECT, trace_id=1, span_id=1, fields={"output": to_json("o")})
    store.deliver([finished(), update])
    store.delete_rows(LOGS, [f"{1:016x}"])
    store.deliver([finished()])
    assert [row.output for row in store.rows(LOGS)] == [None]


def test_prune_takes_whole_traces_of_logs(store: SqliteStore) -> None:
    experiment = store.register_experiment(ExperimentRequest(project="p"))
    store.deliver(
        [
            finished(trace_id=1, span_id=1, end_s=10),
            finished(trace_id=1, span_id=2, end_s=5),
            finished(trace_id=2, span_id=3, end_s=10),
            finished(trace_id=2, span_id=4, end_s=20),
            finished(trace_id=3, span_id=5, start_s=30, end_s=31),
            *CaseSpans(experiment.id, 7).case("a", {"s": 1.0}),
        ]
    )
    assert store.prune(START_NS + 20 * SECOND_NS) == 2
    assert ids(store) == [3, 4, 5]
    assert len(list(store.rows(Parent.parse(f"experiment_id:{experiment.id}")))) == 2
    assert store.prune(START_NS + 20 * SECOND_NS) == 0


def test_delete_experiment(store: SqliteStore) -> None:
    kept, gone = (store.register_experiment(ExperimentRequest(project="p")) for _each in range(2))
    for ref in (kept, gone):
        store.deliver(CaseSpans(ref.id).case("a", {"s": 1.0}))
    assert store.delete_experiment(gone.name) == 2
    assert [each.ref for each in store.experiments()] == [kept]
    assert (count(store, "rows"), count(store, "scores"), count(store, "cases")) == (2, 1, 1)
    with pytest.raises(NotFoundError):
        store.delete_experiment(gone.id)


def test_space_is_given_back(store: SqliteStore, path: Path) -> None:
    for first in range(1, 1001, 100):
        store.deliver(
            [
                finished(
                    {"braintrust.input": Random(n).randbytes(500).hex()}, span_id=n, parent="experiment_id:e"
                )
                for n in range(first, first + 100)
            ]
        )
    store.close()
    before = path.stat().st_size
    parent = Parent.parse("experiment_id:e")
    assert store.delete_rows(parent, [f"{n:016x}" for n in range(1, 1001)]) == 1000
    store.close()
    assert path.stat().st_size < before / 2


def test_logged_metrics_go_with_their_rows(store: SqliteStore) -> None:
    ref = store.register_experiment(ExperimentRequest(project="p"))
    store.deliver(CaseSpans(ref.id).case("a", metrics={"hops": 2}, task_metrics={"hops": 3}, task_seconds=1))
    store.deliver([finished({"braintrust.metrics": to_json({"hops": 1})})])
    assert count(store, "metrics") == 3
    store.delete_experiment(ref.id)
    assert count(store, "metrics") == 0
