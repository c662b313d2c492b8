"""The inputs of which a score fell."""

import pytest

from experiment_runs import case, run
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.regressions import Regression

pytestmark = pytest.mark.core


def test_inputs_whose_scores_fell_come_the_largest_fall_first(store: SqliteStore) -> None:
    before = run(
        store,
        case("a", scores={"exact": 1.0, "close": 0.75}),
        case("b", scores={"exact": 1.0, "close": 1.0}),
        case("c", scores={"exact": 0.0, "close": 0.5}),
    )
    after = run(
        store,
        case("a", scores={"exact": 0.5, "close": 0.5}),
        case("b", scores={"exact": 0.0, "close": 1.0}),
        case("c", scores={"exact": 1.0, "close": 0.5}),
    )

    found = store.regressions(after.id, before.id, limit=10)

    assert [(each.input, dict(each.scores)) for each in found] == [
        ("b", {"exact": (1.0, 0.0)}),
        ("a", {"exact": (1.0, 0.5), "close": (0.75, 0.5)}),
    ]
    assert [each.input for each in store.regressions(after.id, before.id, limit=1)] == ["b"]
    assert store.regressions(after.id, after.id, limit=10) == []


def test_a_regression_has_outputs_and_traces_of_both_sides(store: SqliteStore) -> None:
    before = run(store, case("a", scores={"exact": 1.0}))
    after = run(store, case("a", is_failed=True), scorers=("exact",))

    [found] = store.regressions(after.id, before.id, limit=1)

    assert found == Regression(
        input="a",
        expected=None,
        before_output=None,
        output=None,
        error="boom",
        scores={"exact": (1.0, 0.0)},
        before_trace_id=found.before_trace_id,
        trace_id=next(store.finished_trials(after.id)).trace_id,
    )


def test_an_unknown_experiment_is_named(store: SqliteStore) -> None:
    after = run(store, case("a", scores={"exact": 1.0}))
    with pytest.raises(NotFoundError):
        store.regressions(after.id, "nowhere", limit=1)
