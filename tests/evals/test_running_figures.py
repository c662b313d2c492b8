from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.evals import EvalResult
from spanscore.evals._running_figures import RunningFigures
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary

pytestmark = pytest.mark.core

EXPERIMENT = ExperimentRef(id="e", name="n", project_id="", project="p", created_ns=0)


def result(scores: dict[str, Any] | None = None, error: Exception | None = None, **given: Any) -> EvalResult:
    fields: dict[str, Any] = {
        "input": 1,
        "output": 1,
        "expected": None,
        "scores": scores or {},
        "metadata": {},
        "tags": (),
        "error": error,
        "scorer_errors": {},
        "trial_index": 0,
        "trace_id": "",
        "duration_s": 9.5,
        "task_duration_s": 0.5,
        **given,
    }
    return EvalResult(**fields)


def summed_up(rule: Any, *results: EvalResult) -> ExperimentSummary:
    figures = RunningFigures(("exact", "half"), rule)
    for number, each in enumerate(results):
        figures.add(str(number), each)
    return figures.summary(EXPERIMENT, 2.0)


MIXED = (
    result({"exact": 1.0, "half": 0.5}),
    result({"exact": None, "half": 0.5}),
    result({"exact": 0.0}, scorer_errors={"half": ValueError()}),
    result(error=ValueError("task")),
)


@pytest.mark.parametrize(
    ("rule", "means"), [("zero", (1 / 3, 0.25)), ("exclude", (0.5, 0.5)), ("fail", (None, None))]
)
def test_errors_count_as_the_rule_says(rule: Any, means: Any) -> None:
    summary = summed_up(rule, *MIXED)
    exact, half = summary.scores["exact"], summary.scores["half"]
    assert (exact.mean, half.mean) == pytest.approx(means)
    assert (exact.scored, exact.skipped, exact.errored, exact.scored_mean) == (2, 1, 1, 0.5)
    assert (half.scored, half.skipped, half.errored, half.scored_mean) == (2, 0, 2, 0.5)
    assert (summary.cases, summary.errors, summary.scorer_errors, summary.inputs) == (4, 1, 1, 4)


def test_metrics_and_labels_are_summed_up() -> None:
    each = result(metrics={"tokens": 10.0, "estimated_cost": 0.1}, classifications={"tone": [{"id": "a"}]})
    other = result(classifications={"tone": [{"id": "b", "label": "B"}, {"id": "a"}]})
    summary = summed_up("zero", each, other)
    found = {name: (metric.unit, metric.total, metric.count) for name, metric in summary.metrics.items()}
    assert found == {
        "duration": ("s", 1.0, 2),
        "estimated_cost": ("$", 0.1, 1),
        "tokens": ("tok", 10.0, 1),
    }
    assert summary.classifications == {"tone": {"a": 2, "B": 1}}


def test_trials_of_an_input_are_a_cluster() -> None:
    figures = RunningFigures((), "zero")
    for key in "aabb":
        figures.add(key, result({"exact": 1.0 if key == "a" else 0.0}))
    summary = figures.summary(EXPERIMENT, 0.0)
    assert (summary.inputs, summary.scores["exact"].clusters) == (2, 2)


SCORES = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=30)


@given(SCORES, st.data())
def test_an_error_never_raises_a_headline_mean(values: list[float | None], data: Any) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    results = [result({"exact": value, "half": 1.0}) for value in values]
    before = summed_up("zero", *results).scores["exact"].mean
    results[place] = result(error=ValueError())
    after = summed_up("zero", *results).scores["exact"].mean
    assert after is not None
    assert before is None or after <= before + 1e-9


NAMES = {"half": ("a", "b")}


@pytest.mark.parametrize(
    "results",
    [
        (
            result({"a": 1.0, "b": 0.5}, score_names=NAMES),
            result(scorer_errors={"half": ValueError()}),
            result(error=ValueError("task")),
        ),
        (
            result(error=ValueError("task")),
            result(scorer_errors={"half": ValueError()}),
            result({"a": 1.0, "b": 0.5}, score_names=NAMES),
        ),
    ],
    ids=["learnt before", "learnt after"],
)
def test_a_failed_scorer_fails_the_scores_that_it_gives_elsewhere(results: tuple[EvalResult, ...]) -> None:
    scores = summed_up("zero", *results).scores
    assert {name: (score.mean, score.errored) for name, score in scores.items()} == {
        "a": (pytest.approx(1 / 3), 2),
        "b": (pytest.approx(0.5 / 3), 2),
        "exact": (0.0, 1),
    }


def test_scores_in_place_of_failed_ones_are_no_failures() -> None:
    failed = result({"exact": 0.25}, error=ValueError("task"))
    scores = summed_up("zero", failed, result({"exact": 1.0, "half": 1.0})).scores
    assert {name: (score.mean, score.errored) for name, score in scores.items()} == {
        "exact": (0.625, 0),
        "half": (0.5, 1),
    }
