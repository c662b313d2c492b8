import io

import pytest

from spanscore.evals import EvalFailure, EvalResult, ExperimentResult, PlainDisplay
from spanscore.evals.reporters import _plain
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, MetricSummary, ScoreSummary, by_name

pytestmark = pytest.mark.core

REF = ExperimentRef(id="e", name="main-1", project_id="p", project="bot", created_ns=1)
CASE = EvalResult(
    input=1,
    output=None,
    expected=None,
    scores={},
    metadata={},
    tags=(),
    error=None,
    scorer_errors={},
    trial_index=0,
    trace_id="0",
    duration_s=0.1,
)


def score(name: str, mean: float, errored: int = 0) -> ScoreSummary:
    return ScoreSummary(
        name=name,
        mean=mean,
        scored_mean=mean,
        standard_deviation=None,
        standard_error=None,
        scored=12 - errored,
        skipped=0,
        errored=errored,
    )


def result_of(*errors: EvalFailure) -> ExperimentResult:
    summary = ExperimentSummary(
        project="bot",
        experiment_id="e",
        experiment="main-1",
        baseline_id=None,
        baseline=None,
        cases=12,
        errors=len(errors),
        scorer_errors=0,
        duration_s=1.25,
        scores=by_name((score("exact", 1.0), score("similarity", 0.0825, len(errors)))),
        metrics=by_name((MetricSummary(name="duration", unit="s", mean=0.1, total=1.2, count=12),)),
    )
    return ExperimentResult(
        experiment=REF,
        summary=summary,
        errors=errors,
        error_count=len(errors),
        duration_s=1.25,
        permalink="spanscore experiments show e",
    )


def test_the_figures_are_lines_in_columns() -> None:
    summary = io.StringIO()
    PlainDisplay(progress=io.StringIO(), summary=summary).show(result_of())
    assert summary.getvalue() == (
        "bot/main-1: 12 cases, 1.2 s\n"
        "  score           mean  scored\n"
        "  exact       100.00 %      12\n"
        "  similarity    8.25 %      12\n"
        "  metric       mean   total\n"
        "  duration  0.100 s  1.20 s\n"
        "see spanscore experiments show e\n"
    )


def test_the_first_failures_are_named() -> None:
    failures = [
        EvalFailure(where="task", error=ValueError(str(number)), input=1, trial_index=0, trace_id="0")
        for number in range(12)
    ]
    summary = io.StringIO()
    PlainDisplay(progress=io.StringIO(), summary=summary).show(result_of(*failures))
    lines = summary.getvalue().splitlines()
    assert lines[6:-1] == [
        *(f"  failed task: ValueError: {number}" for number in range(10)),
        "  and 2 failures more",
    ]


def test_progress_is_a_line_at_the_start_and_one_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 9.0, 10.0, 10.0, 19.0, 20.5, 20.5])
    monkeypatch.setattr(_plain, "monotonic", lambda: next(seconds))
    progress = io.StringIO()
    with PlainDisplay(progress=progress, summary=io.StringIO()).watch(REF, 50) as told:
        for _ in range(4):
            told(CASE)
    assert progress.getvalue() == (
        "running bot/main-1: 50 cases\n2 of 50 cases finished\n4 of 50 cases finished\n"
    )


def test_progress_does_not_say_of_how_many_if_nobody_knows() -> None:
    progress = io.StringIO()
    with PlainDisplay(progress=progress, summary=io.StringIO()).watch(REF, None):
        pass
    assert progress.getvalue() == "running bot/main-1\n"
