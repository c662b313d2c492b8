import io
from dataclasses import replace

import pytest
from rich.console import Console

from spanscore.evals import EvalFailure, EvalResult, ExperimentResult
from spanscore.evals.reporters._terminal import TerminalDisplay
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary, by_name

pytestmark = pytest.mark.core

REF = ExperimentRef(id="e", name="main[1]", project_id="p", project="bot", created_ns=1)
SUMMARY = ExperimentSummary(
    project="bot",
    experiment_id="e",
    experiment="main[1]",
    baseline_id=None,
    baseline=None,
    cases=12,
    errors=0,
    scorer_errors=0,
    duration_s=1.25,
    scores=by_name(
        (
            ScoreSummary(
                name="exact[red]",
                mean=0.5,
                scored_mean=0.5,
                standard_deviation=None,
                standard_error=None,
                scored=12,
                skipped=0,
                errored=0,
            ),
        )
    ),
    metrics={},
)
RESULT = ExperimentResult(experiment=REF, summary=SUMMARY, duration_s=1.25, permalink="see[it]")
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


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=100)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_figures_are_a_table_and_no_name_is_taken_for_markup() -> None:
    out = console()
    TerminalDisplay(out, console()).show(RESULT)
    lines = [line.rstrip() for line in written(out).splitlines()]
    assert lines == [
        "bot/main[1]: 12 cases, 1.2 s",
        "score          mean  scored",
        "exact[red]  50.00 %      12",
        "see see[it]",
    ]


def test_the_first_failures_are_named() -> None:
    failures = tuple(
        EvalFailure(where="task", error=ValueError(f"[{number}]"), input=1, trial_index=0, trace_id="0")
        for number in range(11)
    )
    out = console()
    TerminalDisplay(out, console()).show(replace(RESULT, errors=failures, error_count=11))
    lines = [line.rstrip() for line in written(out).splitlines()]
    assert lines[3:-1] == [
        *(f"failed task: ValueError: [{number}]" for number in range(10)),
        "and 1 failures more",
    ]


def test_the_bar_counts_cases_and_failures() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with TerminalDisplay(console(), terminal).watch(REF, 3) as told:
        told(CASE)
        told(replace(CASE, error=ValueError("boom")))
        told(replace(CASE, scorer_errors={"judge": ValueError("bang")}))
    shown = written(terminal)
    assert "bot/main[1]" in shown
    assert "3/3" in shown
    assert "2 failed" in shown
