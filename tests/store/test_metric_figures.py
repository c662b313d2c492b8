"""What cases took: means over the cases that have it, differences, what is better."""

import pytest

from experiment_runs import case, run
from finished_spans import CaseSpans
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRequest
from spanscore.wire.summaries import MetricSummary

pytestmark = pytest.mark.core


def test_of_what_is_measured_less_is_better(store: SqliteStore) -> None:
    run(store, *(case(number, seconds=4 + number % 3) for number in range(8)))
    ref = run(store, *(case(number, seconds=1 + number % 3) for number in range(8)))
    duration = store.summarize_experiment(ref.id, baseline=None).metrics["duration"]
    assert duration.difference is not None
    assert (duration.difference.improvements, duration.difference.regressions) == (8, 0)
    assert (duration.difference.difference, duration.difference.verdict) == (-3.0, "better")


def test_cases_that_are_scored_again_took_no_time(store: SqliteStore) -> None:
    first = run(store, *(case(number, task_seconds=1) for number in range(8)))
    ref = store.register_experiment(ExperimentRequest(project="p", metadata={"rescored_from": {}}))
    spans = CaseSpans(ref.id)
    store.deliver([span for number in range(8) for span in spans.case(**case(number, seconds=3))])
    assert store.summarize_experiment(ref.id, baseline=first.id).metrics == {}
    before = store.summarize_experiment(first.id, baseline=ref.id).metrics["duration"]
    assert (before.mean, before.baseline_mean, before.difference) == (1.0, None, None)


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


def test_what_a_program_logs_of_a_case_is_a_metric_of_its_own_name(store: SqliteStore) -> None:
    """Of the eval span and the task together; what is below the task, and what is measured, stays out."""
    logged = {"retrieved": 3, "start": 1.5, "end": 2.5, "tokens": 7, "note": "many", "share": None}
    cases = [
        case("a", metrics={"retrieved": 2}, task_metrics=logged, task_seconds=1),
        case("b", metrics={"retrieved": 4, "hops": 1.5, "is_cached": True}),
        case("c"),
    ]
    metrics = store.summarize_experiment(run(store, *cases).id, baseline=None).metrics
    assert list(metrics) == ["duration", "hops", "is_cached", "retrieved"]
    told = {name: (each.mean, each.total, each.count, each.unit) for name, each in metrics.items()}
    assert told == {
        "duration": (1.0, 3.0, 3, "s"),
        "hops": (1.5, 1.5, 1, ""),
        "is_cached": (1.0, 1.0, 1, ""),
        "retrieved": (4.5, 9.0, 2, ""),
    }


def test_logged_metrics_are_compared_over_the_inputs_that_have_them(store: SqliteStore) -> None:
    run(store, *(case(number, metrics={"retrieved": 4 + number % 3}) for number in range(10)))
    now = [case(number, metrics={"retrieved": 1 + number % 3}) for number in range(8)]
    ref = run(store, *now, case(8), case("new", metrics={"retrieved": 100}))
    retrieved = store.summarize_experiment(ref.id, baseline=None).metrics["retrieved"].difference
    assert retrieved is not None
    assert (retrieved.pairs, retrieved.difference, retrieved.verdict) == (8, -3.0, "better")


def test_many_inputs_are_summed_up_as_few_are(store: SqliteStore) -> None:
    run(store, *(case(number, metrics={"hops": number % 5}) for number in range(80)))
    ref = run(store, *(case(number, metrics={"hops": number % 5 + number % 2}) for number in range(80)))
    hops = store.summarize_experiment(ref.id, baseline=None).metrics["hops"]
    assert (hops.mean, hops.baseline_mean, hops.count) == (2.5, 2.0, 80)
    assert hops.difference is not None
    assert (hops.difference.difference, hops.difference.test, hops.difference.regressions) == (0.5, "t", 40)


def test_metrics_of_an_attempt_that_was_followed_by_another_do_not_count(store: SqliteStore) -> None:
    first, second = (
        case("a", key="k", attempt=attempt, metrics={"hops": attempt * 10}) for attempt in (1, 2)
    )
    metrics = store.summarize_experiment(run(store, first, second).id, baseline=None).metrics
    assert (metrics["hops"].mean, metrics["hops"].count) == (20.0, 1)


def test_an_experiment_compared_with_itself_has_no_differences(store: SqliteStore) -> None:
    ref = run(store, *(case(number, tokens=number, metrics={"hops": number}) for number in range(1, 9)))
    metrics = store.summarize_experiment(ref.id, baseline=ref.id).metrics
    assert {
        name: each.difference and each.difference.difference for name, each in metrics.items()
    } == dict.fromkeys(("duration", "tokens", "prompt_tokens", "completion_tokens", "hops"), 0.0)
