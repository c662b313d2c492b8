"""The trial of an input that shows why its mean changed."""

import pytest

from experiment_runs import case, run
from spanscore.store import SqliteStore

pytestmark = pytest.mark.core


@pytest.mark.parametrize(("errors", "output"), [("zero", None), ("exclude", 0.25)])
def test_a_trial_that_failed_is_the_lowest_where_it_counts(
    store: SqliteStore, errors: str, output: float | None
) -> None:
    run(store, case("a", key="a", scores={"s": 1.0}), scorers=("s",), errors=errors)
    first = case("a", key="a", scores={"s": 0.75})
    second = case("a", key="a", trial=1, is_failed=True)
    third = case("a", key="a", scores={"s": 0.25}, trial=2)
    after = run(store, first, second, third, scorers=("s",), errors=errors)
    baseline = store.summarize_experiment(after.id, baseline=None).baseline_id
    assert baseline is not None
    [found] = store.regressions(after.id, baseline, limit=5)
    rows = [row for row in store.trace(found.trace_id) if row.parent == f"experiment_id:{after.id}"]
    scored = [row.scores["s"] for row in rows if row.scores]
    assert (scored or [None]) == [output]
    assert (found.error is not None) == (errors == "zero")


def test_of_equal_trials_it_is_the_first(store: SqliteStore) -> None:
    ref = run(store, *(case("a", key="a", scores={"s": 0.5}, trial=trial) for trial in range(3)))
    [only] = store.input_scores(ref.id, "s")
    assert only.trace_id == next(store.finished_trials(ref.id)).trace_id
