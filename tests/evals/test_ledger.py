"""Where an experiment is kept makes no difference to its figures."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanscore import setup
from spanscore.api.evaluator import Evaluator
from spanscore.evals import EvalOptions
from spanscore.evals._judge import Panel
from spanscore.evals._ledger import SumsLedger
from spanscore.evals._planning import request_of
from spanscore.evals._tally import Tally

pytestmark = pytest.mark.core


CASES = st.lists(
    st.fixed_dictionaries({"input": st.integers(0, 5), "expected": st.integers(0, 5)}),
    min_size=1,
    max_size=12,
)


def task(value: int) -> int:
    if value == 5:
        raise ValueError("five")
    return value


async def task_async(value: int) -> int:
    await asyncio.sleep(0)
    return task(value)


def exact(output: int, expected: int) -> bool | None:
    if output == 4:
        raise KeyError("four")
    return None if expected == 3 else output == expected


async def near(output: int, expected: int) -> float:
    await asyncio.sleep(0)
    return 1 - abs(output - expected) / 5


def close(first: Any, second: Any) -> bool:
    """Equal but for the order in which floats were summed up."""
    return first[0] == second[0] and all(
        first[1][name] == pytest.approx(second[1][name]) for name in {*first[1], *second[1]}
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES, trials=st.integers(1, 2), stored=st.booleans())
def test_figures_do_not_depend_on_concurrency_or_on_the_kind_of_functions(
    cases: Any, trials: int, stored: bool, tmp_path: Path
) -> None:
    setup(home=tmp_path)

    def run(function: Any, **options: Any) -> Any:
        evaluator = Evaluator("invariant", cases, function, [exact, near], trial_count=trials, quiet=True)
        result = evaluator.run(no_send_logs=not stored, **options)
        summary = result.summary
        return (summary.cases, summary.errors, summary.scorer_errors, summary.inputs), {
            name: (score.mean, score.scored_mean, score.scored, score.skipped, score.errored)
            for name, score in summary.scores.items()
        }

    reference = run(task, max_concurrency=1)
    assert close(run(task_async, max_concurrency=7), reference)
    assert close(run(task), reference)
    assert close(run(task_async, max_concurrency=2, max_scorer_concurrency=1, case_timeout=60), reference)
    assert close(run(task_async, keep_results=False), reference)


async def test_sums_begin_anew_with_the_experiment() -> None:
    options = EvalOptions(project="p", data=[], task=len, scores=[], experiment_name="n")
    ledger = SumsLedger(options)
    experiment = await ledger.open(request_of(options, Panel.of([]), None))
    assert (experiment.project, experiment.name, ledger.permalink(experiment)) == ("p", "n", "")
    assert ledger.trace_of(experiment) is None
    summary = await ledger.summarize(experiment, Tally(keep_results=True), 1.5)
    assert (summary.cases, dict(summary.scores), summary.duration_s) == (0, {}, 1.5)
