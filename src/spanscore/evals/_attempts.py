"""The attempts at a trial: as many as its task needs to succeed, and as are wanted."""

from collections.abc import Callable, Mapping

from spanscore.evals._case_run import CaseRun
from spanscore.evals._plan import Plan
from spanscore.evals._result import EvalResult
from spanscore.evals._trials import Trial


async def run_trial(plan: Plan, trial: Trial, spend: Callable[[Mapping[str, float]], bool]) -> EvalResult:
    """The result of the last attempt; another is made while the task fails and there are retries left.

    A stored trial has no task that could succeed. `spend` is told of the metrics of each attempt, and says
    whether there may be another.
    """
    attempt, last = trial.attempt, trial.attempt + (0 if trial.stored is not None else plan.retries)
    while True:
        result = await CaseRun(plan, trial, attempt, is_last=attempt == last).run()
        goes_on = spend(result.metrics)
        if result.error is None or attempt == last or not goes_on:
            return result
        attempt += 1
