"""Summaries: error rules, attempts, names of scores, comparison; and what lists and changes say."""

import dataclasses
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiment_runs import begin, case, run
from finished_spans import CaseSpans, finished
from spanscore.errors import NotFoundError
from spanscore.statistics import PairedDifference, RunningPairs, RunningSample, mean, standard_error
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import (
    Difference,
    ExperimentSummary,
    Interval,
    MetricSummary,
    ScoreSummary,
    by_name,
)

pytestmark = pytest.mark.core

BOOM = ValueError("boom")


def close(value: Any) -> Any:
    """The value with its floats rounded."""
    if isinstance(value, dict):
        return {key: close(each) for key, each in value.items()}
    return round(value, 7) + 0.0 if isinstance(value, float) else value


def scores(summary: ExperimentSummary) -> dict[str, tuple[float | None, float | None, int, int, int]]:
    return {
        score.name: (score.mean, score.scored_mean, score.scored, score.skipped, score.errored)
        for score in summary.scores.values()
    }


def metric(name: str, unit: str, value: float, before: float) -> MetricSummary:
    """Of a quantity that one case has, in both experiments."""
    return MetricSummary(
        name=name,
        unit=unit,
        mean=value,
        total=value,
        count=1,
        baseline_mean=before,
        difference=Difference(
            baseline_mean=before - 10,
            mean=value,
            difference=value - before + 10,
            standard_error=None,
            pairs=1,
            improvements=0,
            regressions=1,
        ),
    )


def test_the_whole_summary_of_two_experiments(store: SqliteStore) -> None:
    before = run(
        store,
        case("a", scores={"exact": 1.0}, tokens=10, seconds=1),
        case("b", scores={"exact": 0.0}, tokens=30, seconds=3),
        case("z", scores={"exact": 0.0}, seconds=2),
    )
    after = run(
        store,
        case("a", scores={"exact": 0.5}, tokens=20, seconds=2),
        case("b", scores={"exact": 1.0}, seconds=4),
        case("c", is_failed=True, seconds=6),
    )
    durations = Difference(
        baseline_mean=2.0,
        mean=3.0,
        difference=1.0,
        standard_error=0.0,
        pairs=2,
        improvements=0,
        regressions=2,
        test="bootstrap",
        p_value=0.5,
        adjusted_p=0.5,
    )
    expected = ExperimentSummary(
        project="p",
        project_id=after.project_id,
        experiment_id=after.id,
        experiment="experiment-2",
        baseline_id=before.id,
        baseline="experiment-1",
        cases=3,
        errors=1,
        scorer_errors=0,
        duration_s=6.0,
        inputs=3,
        matched=2,
        only_here=1,
        only_in_baseline=1,
        scores=by_name(
            (
                ScoreSummary(
                    name="exact",
                    mean=0.5,
                    scored_mean=0.75,
                    standard_deviation=0.5,
                    standard_error=0.5 / math.sqrt(3),
                    scored=2,
                    skipped=0,
                    errored=1,
                    interval=Interval(low=0.0, high=1.0, method="bootstrap"),
                    difference=Difference(
                        baseline_mean=0.5,
                        mean=0.75,
                        difference=0.25,
                        standard_error=standard_error([-0.5, 1.0]),
                        pairs=2,
                        improvements=1,
                        regressions=1,
                        test="bootstrap",
                        p_value=1.0,
                        adjusted_p=1.0,
                    ),
                ),
            )
        ),
        metrics=by_name(
            (
                MetricSummary(
                    name="duration",
                    unit="s",
                    mean=4.0,
                    total=12.0,
                    count=3,
                    standard_deviation=2.0,
                    standard_error=standard_error([2.0, 4.0, 6.0]),
                    interval=Interval(low=2.0, high=6.0, method="bootstrap"),
                    baseline_mean=2.0,
                    difference=durations,
                ),
                metric("tokens", "tok", 20.0, 20.0),
                metric("prompt_tokens", "tok", 19.0, 19.0),
                dataclasses.replace(
                    metric("completion_tokens", "tok", 1.0, 1.0),
                    difference=Difference(
                        baseline_mean=1.0,
                        mean=1.0,
                        difference=0.0,
                        standard_error=None,
                        pairs=1,
                        improvements=0,
                        regressions=0,
                        ties=1,
                    ),
                ),
            )
        ),
    )
    summary = store.summarize_experiment(after.id, baseline=None)
    assert close(dataclasses.asdict(summary)) == close(dataclasses.asdict(expected))


FAILING = (
    case("a", scores={"exact": 1.0, "judge": {"kind": 1.0, "short": 0.5}}),
    case("b", scores={"exact": BOOM, "judge": BOOM}),
    case("c", is_failed=True),
    case("d", scores={"exact": None}),
)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ("zero", {"exact": 1 / 3, "kind": 1 / 3, "short": 0.5 / 3}),
        ("exclude", {"exact": 1.0, "kind": 1.0, "short": 0.5}),
        ("fail", {"exact": None, "kind": None, "short": None}),
    ],
)
def test_error_rules(store: SqliteStore, errors: str, expected: dict[str, float | None]) -> None:
    """A failed case counts for every score, a failed scorer for all scores that it gives elsewhere."""
    ref = run(store, *FAILING, scorers=("exact", "judge"), errors=errors)
    summary = store.summarize_experiment(ref.id, baseline=None)
    assert (summary.cases, summary.errors, summary.scorer_errors) == (4, 1, 2)
    assert {score.name: score.mean for score in summary.scores.values()} == pytest.approx(expected)
    assert [
        (each.name, each.scored_mean, each.scored, each.skipped, each.errored)
        for each in summary.scores.values()
    ] == [
        ("exact", 1.0, 1, 1, 2),
        ("kind", 1.0, 1, 0, 2),
        ("short", 0.5, 1, 0, 2),
    ]


def test_an_experiment_where_everything_failed_shows_its_scores_as_zero(store: SqliteStore) -> None:
    ref = run(store, case("a", is_failed=True), case("b", is_failed=True), scorers=("second", "first"))
    summary = store.summarize_experiment(ref.id, baseline=None)
    assert list(scores(summary).items()) == [
        ("second", (0.0, None, 0, 0, 2)),
        ("first", (0.0, None, 0, 0, 2)),
    ]


def test_of_several_attempts_the_newest_finished_one_counts(store: SqliteStore) -> None:
    ref = run(
        store,
        case("a", scores={"s": 0.0}, attempt=2),
        case("a", scores={"s": 0.5}, attempt=10),
        case("a", is_failed=True, attempt=1),
        case("a", scores={"s": 1.0}, trial=1),
    )
    assert scores(store.summarize_experiment(ref.id, baseline=None)) == {"s": (0.75, 0.75, 2, 0, 0)}


def test_equal_inputs_without_numbers_are_all_counted(store: SqliteStore) -> None:
    """Other programs number no trials."""
    ref = run(store, case("a", scores={"s": 0.0}, trial=None), case("a", scores={"s": 1.0}, trial=None))
    assert scores(store.summarize_experiment(ref.id, baseline=None)) == {"s": (0.5, 0.5, 2, 0, 0)}


def test_a_trace_without_a_finished_root_is_left_out_until_it_has_one(store: SqliteStore) -> None:
    ref = begin(store)
    *below, root = CaseSpans(ref.id).case("a", {"s": 1.0}, tokens=5)
    store.deliver(below)
    summary = store.summarize_experiment(ref.id, baseline=None)
    assert (summary.cases, scores(summary), summary.metrics) == (0, {}, {})
    store.deliver([root])
    assert scores(store.summarize_experiment(ref.id, baseline=None)) == {"s": (1.0, 1.0, 1, 0, 0)}


def test_scores_of_the_eval_span_count_and_those_of_other_spans_do_not(store: SqliteStore) -> None:
    ref = begin(store)
    spans = CaseSpans(ref.id).case("a", own_scores={"own": 0.5, "flag": True, "odd": "text", "none": None})
    inside = {"braintrust.scores": '{"inside":1.0}', "braintrust.span_attributes": '{"type":"task"}'}
    deep = {"braintrust.scores": '{"deep":1.0}', "braintrust.span_attributes": '{"type":"score"}'}
    parent = f"experiment_id:{ref.id}"
    spans.append(finished(inside, span_id=3, above=100, parent=parent))
    spans.append(finished(deep, span_id=4, above=3, parent=parent))
    store.deliver(spans)
    assert scores(store.summarize_experiment(ref.id, baseline=None)) == {
        "flag": (1.0, 1.0, 1, 0, 0),
        "none": (None, None, 0, 1, 0),
        "own": (0.5, 0.5, 1, 0, 0),
    }


@pytest.mark.parametrize("errors", ["zero", "exclude", "fail"])
def test_scores_of_the_eval_span_stand_in_for_those_that_failed(store: SqliteStore, errors: str) -> None:
    ref = run(
        store,
        case("a", scores={"s": 1.0}),
        case("b", scores={"s": ValueError()}, own_scores={"s": 0.5}),
        case("c", is_failed=True, own_scores={"s": 0.25}),
        case("d", is_failed=True, own_scores={"s": None}),
        scorers=("s",),
        errors=errors,
    )
    mean = pytest.approx(1.75 / 3)
    assert scores(store.summarize_experiment(ref.id, baseline=None)) == {"s": (mean, mean, 3, 1, 0)}


def test_cases_of_other_experiments_do_not_count(store: SqliteStore) -> None:
    first = run(store, case("a", scores={"s": 0.0}))
    run(store, case("a", scores={"s": 1.0}))
    assert scores(store.summarize_experiment(first.id, baseline=None)) == {"s": (0.0, 0.0, 1, 0, 0)}


def test_which_baseline(store: SqliteStore) -> None:
    """The latest earlier one of the project that has cases, or the one named."""
    first = run(store, case("a"))
    second = run(store, case("a"))
    begin(store)
    begin(store, project="other")
    third = run(store, case("a"))
    run(store, case("a"))

    def baseline(of: ExperimentRef, named: str | None = None) -> str | None:
        return store.summarize_experiment(of.id, baseline=named).baseline_id

    assert baseline(third) == second.id
    assert baseline(first) is None
    assert baseline(third, "experiment-1") == baseline(third, first.id) == first.id
    with pytest.raises(NotFoundError, match="no experiment 'nonsense' in project 'p'; the newest are p/"):
        baseline(third, "nonsense")


def test_unknown_experiment(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="no experiment 'x'; there are none"):
        store.summarize_experiment("x", baseline=None)


def test_labels_are_counted_by_classifier(store: SqliteStore) -> None:
    ref = begin(store)
    labels = [
        {"topic": [{"id": "billing", "label": "Billing"}, {"id": "tax"}], "tone": "rude"},
        {"topic": {"label": "Billing"}, "odd": [None, 7]},
        {"topic": []},
    ]
    spans = CaseSpans(ref.id)
    store.deliver([span for each in labels for span in spans.case("a", trial=None, labels=each)])
    summary = store.summarize_experiment(ref.id, baseline=None)
    assert summary.classifications == {
        "odd": {"7": 1},
        "tone": {"rude": 1},
        "topic": {"Billing": 2, "tax": 1},
    }
    store.delete_experiment(ref.id)
    assert store._connection is not None
    assert store._connection.execute("SELECT count(*) FROM classifications").fetchone() == (0,)


def test_failures_of_the_baseline_are_told(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b"))
    ref = run(store, case("a"), case("b"))
    summary = store.summarize_experiment(ref.id, baseline=None)
    assert (summary.errors, summary.baseline_errors) == (0, 1)


VALUES = st.sampled_from([0.0, 0.1, 0.25, 1 / 3, 0.7, 1.0])
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "question": st.sampled_from("abc"),
            "outcome": VALUES | st.sampled_from([None, "failed", "scorer failed"]),
        }
    ),
    max_size=8,
)


def as_case(given: dict[str, Any], trial: int) -> dict[str, Any]:
    outcome = given["outcome"]
    score = BOOM if outcome == "scorer failed" else outcome
    return case(
        given["question"],
        trial=trial,
        is_failed=outcome == "failed",
        scores=None if outcome == "failed" else {"s": score},
    )


def value_of(given: dict[str, Any]) -> float | None:
    return 0.0 if isinstance(given["outcome"], str) else given["outcome"]


def by_question(cases: list[dict[str, Any]]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for each in cases:
        if (value := value_of(each)) is not None:
            values.setdefault(each["question"], []).append(value)
    return values


def runs(store: SqliteStore, *sides: list[Any]) -> list[ExperimentRef]:
    return [
        run(store, *(as_case(each, trial) for trial, each in enumerate(cases)), scorers=("s",))
        for cases in sides
    ]


def score_of(store: SqliteStore, ref: ExperimentRef, baseline: ExperimentRef) -> ScoreSummary:
    (score,) = store.summarize_experiment(ref.id, baseline=baseline.id).scores.values()
    return score


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A store for many examples, which are experiments of their own."""
    store = SqliteStore(tmp_path_factory.mktemp("s") / "s.db")
    yield store
    store.close()


@settings(max_examples=40, deadline=None)
@given(before=CASES, after=CASES)
def test_figures_are_those_of_a_plain_computation(
    shared: SqliteStore, before: list[Any], after: list[Any]
) -> None:
    first, second = runs(shared, before, after)
    score = score_of(shared, second, first)
    old, new = by_question(before), by_question(after)
    sample = RunningSample(limits=(0.0, 1.0))
    for question, values in new.items():
        for value in values:
            sample.add(value, cluster=question)
    estimate = sample.estimate()
    scored = [each["outcome"] for each in after if isinstance(each["outcome"], float)]
    assert (score.scored, score.skipped, score.errored) == (
        len(scored),
        len(after) - estimate.count,
        estimate.count - len(scored),
    )
    found = [score.mean, score.scored_mean, score.standard_deviation, score.standard_error]
    expected = [estimate.mean, mean(scored), estimate.standard_deviation, estimate.standard_error]
    assert found == [None if each is None else pytest.approx(each, abs=1e-7) for each in expected]
    assert score.clusters == (None if estimate.clusters == estimate.count else estimate.clusters)
    pairs = RunningPairs(limits=(-1.0, 1.0))
    for question in sorted(new.keys() & old.keys()):
        was, now = (math.fsum(side[question]) / len(side[question]) for side in (old, new))
        is_repeated = len(old[question]) > 1 or len(new[question]) > 1
        pairs.add(was, was if abs(was - now) < 1e-9 else now, is_repeated=is_repeated)
    assert plain(score.difference) == plain(pairs.difference())


def plain(found: Difference | PairedDifference | None) -> Any:
    """The figures that both have."""
    if found is None:
        return None
    tested = found.comparison if isinstance(found, PairedDifference) else found
    figures = [found.baseline_mean, found.mean, found.difference, found.standard_error]
    figures.append(None if tested is None else tested.p_value)
    counts = (found.pairs, found.improvements, found.regressions, found.ties)
    return [None if each is None else round(each, 7) + 0.0 for each in figures], counts


@settings(max_examples=30, deadline=None)
@given(before=CASES, after=CASES, chance=st.randoms(use_true_random=False))
def test_neither_the_order_of_cases_nor_that_of_trials_matters(
    shared: SqliteStore, before: list[Any], after: list[Any], chance: random.Random
) -> None:
    mixed = (chance.sample(before, len(before)), chance.sample(after, len(after)))
    first, second, third, fourth = runs(shared, before, after, *mixed)
    found, again = score_of(shared, second, first), score_of(shared, fourth, third)
    assert close(dataclasses.asdict(again)) == close(dataclasses.asdict(found))


@settings(max_examples=30, deadline=None)
@given(cases=CASES)
def test_an_experiment_compared_with_itself_shows_nothing(shared: SqliteStore, cases: list[Any]) -> None:
    (ref,) = runs(shared, cases)
    summary = shared.summarize_experiment(ref.id, baseline=ref.id)
    (score,) = summary.scores.values()
    for difference in (score.difference, *(each.difference for each in summary.metrics.values())):
        if difference is not None:
            assert (difference.difference, difference.ties) == (0.0, difference.pairs)
            assert (difference.verdict, difference.adjusted_p or 1.0) == ("no evidence", 1.0)
    assert (summary.only_here, summary.only_in_baseline, summary.matched) == (0, 0, summary.inputs)


@settings(max_examples=40, deadline=None)
@given(cases=CASES.filter(len), data=st.data())
def test_an_error_never_raises_a_headline_mean(
    shared: SqliteStore, cases: list[Any], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(cases) - 1))
    broken = data.draw(st.sampled_from(["failed", "scorer failed"]))
    worse = [*cases[:place], {**cases[place], "outcome": broken}, *cases[place + 1 :]]
    first, second = runs(shared, cases, worse)
    before, after = score_of(shared, first, first).mean, score_of(shared, second, second).mean
    assert after is not None
    assert before is None or after <= before + 1e-12


def test_a_case_takes_as_long_as_its_task_and_without_one_as_long_as_itself(store: SqliteStore) -> None:
    ref = run(store, case("a", seconds=9, task_seconds=2), case("b", seconds=4))
    duration = store.summarize_experiment(ref.id, baseline=None).metrics["duration"]
    assert (duration.total, duration.count) == (6.0, 2)
