from dataclasses import replace

import pytest

from spanscore._json import from_json
from spanscore.evals import EvalFailure, ExperimentResult
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary, by_name
from told_evals import CASE

pytestmark = pytest.mark.core

REF = ExperimentRef(id="e", name="main-1", project_id="p", project="bot", created_ns=1)


def summary_of(*means: float | None) -> ExperimentSummary:
    return ExperimentSummary(
        project="bot",
        experiment_id="e",
        experiment="main-1",
        baseline_id=None,
        baseline=None,
        cases=4,
        errors=1,
        scorer_errors=0,
        duration_s=1.0,
        scores=by_name(
            ScoreSummary(
                name=f"s{index}",
                mean=mean,
                scored_mean=mean,
                standard_deviation=None,
                standard_error=None,
                scored=4,
                skipped=0,
                errored=0,
            )
            for index, mean in enumerate(means)
        ),
        metrics={},
    )


def result_of(*means: float | None, error_count: int = 0) -> ExperimentResult:
    return ExperimentResult(
        experiment=REF,
        summary=summary_of(*means),
        error_count=error_count,
        duration_s=1.25,
        permalink="spanscore experiments show e",
    )


def test_success_means_that_nothing_failed() -> None:
    assert (result_of().success, result_of(error_count=1).success) == (True, False)


def test_a_result_shows_its_figures() -> None:
    assert repr(result_of(0.625, None, error_count=1)) == (
        "ExperimentResult(bot/main-1: 4 cases, 1 error, s0=62.5 %, s1=none, 1.2 s; "
        "spanscore experiments show e)"
    )
    assert repr(result_of()) == (
        "ExperimentResult(bot/main-1: 4 cases, 0 errors, no scores, 1.2 s; spanscore experiments show e)"
    )


def test_a_failure_says_where_and_what() -> None:
    failure = EvalFailure(where="task", error=ValueError("boom"), input=1, trial_index=0, trace_id="0")
    assert str(failure) == "task: ValueError: boom"


def test_a_result_has_the_official_forms() -> None:
    result = replace(CASE, error=ValueError("boom"), origin={"object_type": "dataset"})
    assert result.as_dict() == {
        "input": "Ada",
        "output": "Dear Ada",
        "scores": {"exact": 0.0, "judge": 0.5},
        "classifications": {},
        "expected": "Hi Ada",
        "metadata": {},
        "tags": ("short",),
        "error": result.error,
        "exc_info": "ValueError: boom\n",
        "origin": {"object_type": "dataset"},
    }
    assert from_json(result.as_json()) == {
        **result.as_dict(),
        "tags": ["short"],
        "error": "ValueError: boom",
    }
