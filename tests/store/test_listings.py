"""What the store lists: experiments, and cases that changed."""

import pytest

from experiment_runs import begin, case, run
from spanscore.store import CaseChange, ExperimentListing, SqliteStore

pytestmark = pytest.mark.core


def test_changes_are_the_largest_falls_and_then_the_largest_rises(store: SqliteStore) -> None:
    values = {"a": (1.0, 0.9), "b": (1.0, 0.1), "c": (0.5, 0.5), "d": (0.0, 0.25), "e": (0.0, 1.0)}
    before = run(store, *(case(name, scores={"s": old}) for name, (old, _new) in values.items()))
    after = run(store, *(case(name, scores={"s": new}) for name, (_old, new) in values.items()))
    changes = store.case_changes(after.id, before.id, "s")
    assert [change.input for change in changes] == ["b", "a", "e", "d"]
    assert changes[0] == CaseChange(
        input="b", baseline_value=1.0, value=0.1, baseline_trace_id=f"{2:032x}", trace_id=f"{2:032x}"
    )
    assert store.case_changes(after.id, before.id, "s", limit=1) == changes[:1]
    assert store.case_changes(after.id, before.id, "unknown") == []


def test_list_of_experiments(store: SqliteStore) -> None:
    first = run(store, case("a", scores={"s": 0.5}), case("b", is_failed=True))
    second = begin(store, "t", project="other")
    assert store.experiments() == [
        ExperimentListing(ref=second, cases=0, errors=0, means={"t": None}),
        ExperimentListing(ref=first, cases=2, errors=1, means={"s": 0.25}),
    ]
    assert [each.ref for each in store.experiments(project="p")] == [first]
    assert [each.ref for each in store.experiments(limit=1)] == [second]
