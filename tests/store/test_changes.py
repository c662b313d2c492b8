"""Single inputs: those that changed, those of one side alone, those with the lowest score."""

from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.store import InputScore, SqliteStore, UnmatchedInput
from spanscore.wire.seams import ExperimentRef

pytestmark = pytest.mark.core


def test_a_change_by_an_error_says_so(store: SqliteStore) -> None:
    before = run(store, case("a", scores={"s": 1.0}), case("b", is_failed=True))
    after = run(store, case("a", is_failed=True), case("b", scores={"s": 0.5}))
    changes = store.case_changes(after.id, before.id, "s")
    assert [(each.input, each.value, each.errored, each.baseline_errored) for each in changes] == [
        ("a", 0.0, True, False),
        ("b", 0.5, False, True),
    ]


def test_the_inputs_that_one_side_has_alone(store: SqliteStore) -> None:
    before = run(store, case("both"), case("old"), case("old", trial=1, is_failed=True))
    after = run(store, case("new 1"), case("both"), case("new 2", is_failed=True))
    here, there = store.unmatched_inputs(after.id, before.id)
    assert [(each.input, each.cases, each.errors) for each in here] == [("new 1", 1, 0), ("new 2", 1, 1)]
    (old,) = there
    assert old == UnmatchedInput(input="old", cases=2, errors=1, trace_id=old.trace_id)
    assert store.trace(old.trace_id)[0].input == "old"
    assert [len(each) for each in store.unmatched_inputs(after.id, before.id, limit=1)] == [1, 1]


def test_what_the_trials_of_each_input_scored(store: SqliteStore) -> None:
    ref = run(
        store,
        case("good", scores={"s": 1.0}),
        case("mixed", scores={"s": 0.0}),
        case("mixed", scores={"s": 1.0}, trial=1),
        case("bad", scores={"s": 0.25}),
        case("bad", is_failed=True, trial=1),
        case("skipped", scores={"s": None}),
    )
    found = store.input_scores(ref.id, "s")
    assert [(each.input, each.trials, each.mean, each.errored) for each in found] == [
        ("bad", 2, 0.125, True),
        ("mixed", 2, 0.5, False),
        ("good", 1, 1.0, False),
    ]
    assert found[2] == InputScore(
        input="good", trials=1, mean=1.0, standard_deviation=None, errored=False, trace_id=found[2].trace_id
    )
    assert found[1].standard_deviation == pytest.approx(0.5**0.5)
    assert store.input_scores(ref.id, "s", limit=1) == found[:1]
    assert store.input_scores(ref.id, "unknown") == []


def test_the_largest_falls_then_the_largest_rises_of_each_score(store: SqliteStore) -> None:
    def side(**values: tuple[float, float]) -> list[dict[str, Any]]:
        return [
            case(question, scores=dict(zip("st", pair, strict=True))) for question, pair in values.items()
        ]

    before = run(store, *side(a=(1.0, 0.5), b=(0.5, 0.5), c=(0.25, 0.5), d=(0.0, 0.5)))
    after = run(store, *side(a=(0.0, 0.5), b=(0.25, 0.5), c=(0.5, 0.5), d=(1.0, 0.0)))
    found = store.largest_changes(after.id, before.id, ("s", "t", "unknown"), limit=1)
    assert {name: [(each.input, each.value) for each in changes] for name, changes in found.items()} == {
        "s": [("a", 0.0), ("d", 1.0)],
        "t": [("d", 0.0)],
        "unknown": [],
    }


def test_of_several_trials_those_are_named_that_show_the_change(store: SqliteStore) -> None:
    def runs(key: str, *values: float) -> list[dict[str, Any]]:
        return [case(key, key=key, scores={"s": value}, trial=trial) for trial, value in enumerate(values)]

    before = run(store, *runs("fell", 0.5, 1.0, 0.5), *runs("rose", 0.5, 0.0))
    after = run(store, *runs("fell", 1.0, 0.5, 0.0), *runs("rose", 0.5, 1.0))
    changes = store.case_changes(after.id, before.id, "s")
    assert changes == store.largest_changes(after.id, before.id, ["s"])["s"]
    told = [
        (each.input, value(store, before, each.baseline_trace_id), value(store, after, each.trace_id))
        for each in changes
    ]
    assert told == [("fell", 1.0, 0.0), ("rose", 0.0, 1.0)]
    lowest = [value(store, after, each.trace_id) for each in store.input_scores(after.id, "s")]
    assert lowest == [0.0, 0.5]


def value(store: SqliteStore, ref: ExperimentRef, trace_id: str) -> float:
    """The score of a trace of the experiment."""
    rows = [row for row in store.trace(trace_id) if row.parent == f"experiment_id:{ref.id}"]
    return next(row.scores["s"] for row in rows if row.scores)
