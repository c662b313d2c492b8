"""Results of evals made by hand, for tests of who shows them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from spanscore.evals import EvalFailure, EvalResult, ExperimentResult
from spanscore.evals.reporters._account import account_of
from spanscore.evals.reporters._case_report import CaseReport, case_of_result
from spanscore.evals.reporters._section import Section
from spanscore.wire.regressions import Regression
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import (
    Difference,
    ExperimentSummary,
    Interval,
    MetricSummary,
    ScoreSummary,
    Trials,
    by_name,
)

REF = ExperimentRef(id="e2", name="main-2", project_id="p", project="bot", created_ns=1)
TRACE, TRACE_BEFORE = "abababab", "cdcdcdcd"

CASE = EvalResult(
    input="Ada",
    output="Dear Ada",
    expected="Hi Ada",
    scores={"exact": 0.0, "judge": 0.5},
    metadata={},
    tags=("short",),
    error=None,
    scorer_errors={},
    trial_index=0,
    trace_id=TRACE,
    duration_s=0.125,
    metrics={"estimated_cost": 0.0025},
)

EXACT = ScoreSummary(
    name="exact",
    mean=0.625,
    scored_mean=0.625,
    standard_deviation=0.5,
    standard_error=0.0125,
    scored=8,
    skipped=0,
    errored=0,
    interval=Interval(low=0.3057, high=0.8632, method="wilson"),
    trials=Trials(k=2, pass_at_k=0.75, pass_hat_k=0.5, deviation_within=0.1),
    difference=Difference(
        baseline_mean=0.875,
        mean=0.625,
        difference=-0.25,
        standard_error=0.02,
        pairs=8,
        improvements=0,
        regressions=2,
        ties=6,
        interval=Interval(low=-0.45, high=-0.05, method="t"),
        test="mcnemar",
        p_value=0.0101,
        adjusted_p=0.0202,
        verdict="worse",
    ),
)
JUDGE = ScoreSummary(
    name="judge",
    mean=0.5,
    scored_mean=2 / 3,
    standard_deviation=0.5,
    standard_error=0.1,
    scored=6,
    skipped=1,
    errored=1,
    difference=Difference(
        baseline_mean=0.49,
        mean=0.5,
        difference=0.01,
        standard_error=0.02,
        pairs=7,
        improvements=2,
        regressions=1,
        test="bootstrap",
        p_value=0.61,
        smallest_detectable=0.061,
    ),
)
DURATION = MetricSummary(
    name="duration",
    unit="s",
    mean=0.1234,
    total=0.9872,
    count=8,
    baseline_mean=0.1,
    difference=Difference(
        baseline_mean=0.1,
        mean=0.1234,
        difference=0.0234,
        standard_error=0.01,
        pairs=7,
        improvements=1,
        regressions=6,
        interval=Interval(low=0.003, high=0.044, method="t"),
        test="t",
        p_value=0.0004,
    ),
)
SUMMARY = ExperimentSummary(
    project="bot",
    experiment_id="e2",
    experiment="main-2",
    baseline_id="e1",
    baseline="main-1",
    cases=8,
    errors=1,
    scorer_errors=1,
    duration_s=1.25,
    scores=by_name((EXACT, JUDGE)),
    metrics=by_name((DURATION,)),
    inputs=8,
    matched=7,
    only_here=1,
    partial="first 8",
    classifications={"tone": {"kind": 6, "rude": 2}},
)
REGRESSION = Regression(
    input="Ada",
    expected="Hi Ada",
    before_output="Hi Ada",
    output="Dear Ada",
    error=None,
    scores={"exact": (1.0, 0.0), "judge": (0.75, 0.5)},
    before_trace_id=TRACE_BEFORE,
    trace_id=TRACE,
)
FAILED = replace(
    REGRESSION, output=None, error="ValueError: boom", input={"name": "Bob"}, scores={"exact": (1.0, 0.0)}
)
RESULT = ExperimentResult(
    experiment=REF,
    summary=SUMMARY,
    duration_s=1.25,
    permalink="spanscore experiments show bot/main-2",
)
"""An eval with a baseline, and something in each place where there can be something."""

PLAIN = replace(
    RESULT,
    summary=replace(
        SUMMARY,
        baseline_id=None,
        baseline=None,
        errors=0,
        scorer_errors=0,
        scores=by_name((replace(EXACT, interval=None, trials=None, difference=None),)),
        metrics=by_name((replace(DURATION, baseline_mean=None, difference=None),)),
        partial=None,
        only_here=0,
        classifications={},
    ),
)
"""An eval of which there is as little to tell as can be."""


def failing(result: ExperimentResult, count: int = 1) -> ExperimentResult:
    """The result with so many failed tasks."""
    errors = tuple(
        EvalFailure(where="task", error=ValueError(f"[{number}]"), input=1, trial_index=0, trace_id=TRACE)
        for number in range(count)
    )
    return replace(result, errors=errors, error_count=count)


class Known:
    """Knows these regressions of `main-2`."""

    def __init__(self, *regressions: Regression) -> None:
        self._regressions = regressions
        self.asked: list[Any] = []

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> Sequence[Regression]:
        self.asked.append((experiment_id, baseline_id, limit))
        return self._regressions


CASES = (
    case_of_result(replace(CASE, trial_index=1)),
    case_of_result(
        replace(
            CASE,
            input={"name": "Bob"},
            output=None,
            error=ValueError("boom & <bang>"),
            scores={},
            trace_id="ef",
        )
    ),
    case_of_result(
        replace(
            CASE,
            output="Hi Ada",
            scores={"exact": 1.0, "judge": None},
            scorer_errors={"rude": ValueError("no")},
            trace_id="01",
        )
    ),
    case_of_result(
        replace(
            CASE,
            input="]]> \x1b[1m | * `x`\n<script>",
            output="Hi Ada",
            scores={"exact": 1.0},
            trace_id="02",
        )
    ),
)
"""One that got worse, one whose task failed, one of which a scorer failed, one that would break markup."""


def section(result: ExperimentResult = RESULT, *unmet: str, cases: Sequence[CaseReport] = CASES) -> Section:
    """The section of a report, in which `Ada` is a regression."""
    known = Known(REGRESSION, FAILED)
    return Section(
        result=result,
        account=account_of(result, source=known),
        cases=lambda: iter(cases),
        unmet=unmet,
        worse={TRACE: REGRESSION} if result.summary.baseline else {},
    )
