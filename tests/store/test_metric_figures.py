"""What cases took: means over the cases that have it, differences, what is better."""

import pytest

from experiment_runs import case, run
from spanscore.store import SqliteStore
from spanscore.wire.summaries import MetricSummary

pytestmark = pytest.mark.core


def test_of_what_is_measured_less_is_better(store: SqliteStore) -> None:
    run(store, *(case(number, seconds=4 + number % 3) for number in range(8)))
    ref = run(store, *(case(number, seconds=1 + number % 3) for number in range(8)))
    duration = store.summarize_experiment(ref.id, baseline=None).metrics["duration"]
    assert duration.difference is not None
    assert (duration.difference.improvements, duration.difference.regressions) == (8, 0)
    assert (duration.difference.difference, duration.difference.verdict) == (-3.0, "better")


def test_quantities_that_no_case_has_are_left_out(store: SqliteStore) -> None:
    ref = run(store, case("a"), case("b", seconds=3))
    assert list(store.summarize_experiment(ref.id, baseline=None).metrics) == ["duration"]


def test_only_cases_that_have_it_count(store: SqliteStore) -> None:
    ref = run(store, case("a", tokens=10), case("b"), case("b", tokens=30, trial=1))
    tokens = store.summarize_experiment(ref.id, baseline=None).metrics["tokens"]
    assert isinstance(tokens, MetricSummary)
    assert (tokens.mean, tokens.total, tokens.count, tokens.difference) == (20.0, 40.0, 2, None)
    assert tokens.interval is not None
    assert tokens.interval.method == "bootstrap"
