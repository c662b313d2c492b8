"""Summaries: error rules, attempts, names of scores, comparison; and what lists and changes say."""

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiment_runs import begin, case, run
from finished_spans import CaseSpans, finished
from spanscore.errors import NotFoundError
from spanscore.statistics import mean, paired_difference, standard_deviation, standard_error
from spanscore.store import SqliteStore
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import Difference, ExperimentSummary, MetricSummary, ScoreSummary, by_name

pytestmark = pytest.mark.core

BOOM = ValueError("boom")


def scores(summary: ExperimentSummary) -> dict[str, tuple[float | None, float | None, int, int, int]]:
    return {
        score.name: (score.mean, score.scored_mean, score.scored, score.skipped, score.errored)
        for score in summary.scores.values()
    }


def test_the_whole_summary_of_two_experiments(store: SqliteStore) -> None:
    before = run(
        store,
        case("a", scores={"exact": 1.0}, tokens=10, seconds=1),
        case("b", scores={"exact": 0.0}, tokens=30, seconds=3),
    )
    after = run(
        store,
        case("a", scores={"exact": 0.5}, tokens=20, seconds=2),
        case("b", scores={"exact": 1.0}, seconds=4),
        case("c", is_failed=True, seconds=6),
    )
    assert store.summarize_experiment(after.id, baseline=None) == ExperimentSummary(
        project="p",
        experiment_id=after.id,
        experiment="experiment-2",
        baseline_id=before.id,
        baseline="experiment-1",
        cases=3,
        errors=1,
        scorer_errors=0,
        duration_s=6.0,
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
                    difference=Difference(
                        baseline_mean=0.5,
                        mean=0.75,
                        difference=0.25,
                        standard_error=standard_error([-0.5, 1.0]),
                        pairs=2,
                        improvements=1,
                        regressions=1,
                    ),
                ),
            )
        ),
        metrics=by_name(
            (
                MetricSummary(name="duration", unit="s", mean=4.0, total=12.0, count=3, baseline_mean=2.0),
                MetricSummary(name="tokens", unit="tok", mean=20.0, total=20.0, count=1, baseline_mean=20.0),
                MetricSummary(
                    name="prompt_tokens", unit="tok", mean=19.0, total=19.0, count=1, baseline_mean=19.0
                ),
                MetricSummary(
                    name="completion_tokens", unit="tok", mean=1.0, total=1.0, count=1, baseline_mean=1.0
                ),
            )
        ),
    )


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


def test_a_failed_baseline_knows_its_scores_from_the_experiment(store: SqliteStore) -> None:
    """Never a comparison over the survivors alone: the failed side counts as 0."""
    run(store, case("a", is_failed=True), case("b", scores={"judge": BOOM}), scorers=("judge",))
    judged = {"judge": {"kind": 1.0, "short": 0.5}}
    ref = run(store, case("a", scores=judged), case("b", scores=judged), scorers=("judge",))
    summary = store.summarize_experiment(ref.id, baseline=None)
    differences = {score.name: score.difference for score in summary.scores.values()}
    assert {
        name: (each.baseline_mean, each.mean, each.pairs) for name, each in differences.items() if each
    } == {
        "kind": (0.0, 1.0, 2),
        "short": (0.0, 0.5, 2),
    }


def test_a_score_that_the_baseline_never_gave_has_no_difference(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"old": 1.0}))
    ref = run(store, case("a", scores={"new": 1.0}), case("b", scores={"new": 1.0}))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.name, score.difference) == ("new", None)


def test_the_rule_exclude_leaves_inputs_out_that_failed_on_either_side(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"s": 0.5}), case("c", scores={"s": 0.5}))
    now = (case("a", scores={"s": 1.0}), case("b", is_failed=True), case("c", scores={"s": 0.75}))
    ref = run(store, *now, errors="exclude")
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.difference) == (1, 0.25)


def test_the_rule_fail_gives_no_difference_when_either_side_failed(store: SqliteStore) -> None:
    run(store, case("a", is_failed=True), case("b", scores={"s": 0.5}))
    ref = run(store, case("a", scores={"s": 1.0}), case("b", scores={"s": 1.0}), errors="fail")
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert (score.mean, score.difference) == (1.0, None)


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


def test_cases_are_matched_by_key_and_else_by_input(store: SqliteStore) -> None:
    run(
        store,
        case({"x": 1, "y": 2}, scores={"s": 0.0}),
        case("renamed", key="k", scores={"s": 0.0}),
        case("b", scores={"s": 0.0}),
    )
    ref = run(
        store,
        case({"y": 2, "x": 1}, scores={"s": 1.0}),
        case("anew", key="k", scores={"s": 1.0}),
        case("c", scores={"s": 1.0}),
    )
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.pairs, score.difference.improvements) == (2, 2)


def test_differences_within_rounding_are_none(store: SqliteStore) -> None:
    run(store, *(case("a", scores={"s": value}, trial=trial) for trial, value in enumerate((0.1, 0.2, 0.3))))
    ref = run(store, case("a", scores={"s": 0.2}))
    (score,) = store.summarize_experiment(ref.id, baseline=None).scores.values()
    assert score.difference is not None
    assert (score.difference.improvements, score.difference.regressions) == (0, 0)


def test_unknown_experiment(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError, match="no experiment 'x'; there are none"):
        store.summarize_experiment("x", baseline=None)


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


def by_question(cases: list[dict[str, Any]]) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for each in cases:
        if (value := value_of(each)) is not None:
            values.setdefault(each["question"], []).append(value)
    return {question: math.fsum(each) / len(each) for question, each in values.items()}


@settings(max_examples=40, deadline=None)
@given(before=CASES, after=CASES)
def test_figures_are_those_of_a_plain_computation(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any]
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("s") / "s.db")
    refs = [
        run(store, *(as_case(each, trial) for trial, each in enumerate(cases)), scorers=("s",))
        for cases in (before, after)
    ]
    (score,) = store.summarize_experiment(refs[1].id, baseline=refs[0].id).scores.values()
    store.close()
    values = [value for each in after if (value := value_of(each)) is not None]
    scored = [each["outcome"] for each in after if isinstance(each["outcome"], float)]
    old, new = by_question(before), by_question(after)
    pairs = [(old[name], new[name]) for name in sorted(new) if name in old]
    expected = paired_difference((a, a if abs(a - b) < 1e-9 else b) for a, b in pairs)
    about = dataclasses.asdict(score)
    difference = about.pop("difference")
    about = {key: about[key] for key in about if key not in ("interval", "clusters", "trials")}
    assert about == pytest.approx(
        {
            "name": "s",
            "mean": mean(values),
            "scored_mean": mean(scored),
            "standard_deviation": standard_deviation(values),
            "standard_error": standard_error(values),
            "scored": len(scored),
            "skipped": len(after) - len(values),
            "errored": len(values) - len(scored),
        }
    )
    assert difference == (None if expected is None else pytest.approx(dataclasses.asdict(expected)))
