"""The attempts at a trial: as many as its task needs to succeed, and as are wanted."""

from collections.abc import Callable, Mapping

from spanscore.evals._case_run import CaseRun
from spanscore.evals._plan import Plan
from spanscore.evals._result import EvalResult
from spanscore.evals._trials import Trial


async def run_trial(plan: Plan, trial: Trial, spend: Callable[[Mapping[str, float]], bool]) -> EvalResult:
    """The result of the last attempt; another is made while the task fails and there are retries left.

    A stored trial has no task that could succeed. `spend` is told of the metrics of each attempt, and says
    whether there may be another; the one after which there is none asks for scores in place of missing ones.
    """
    attempt, last = trial.attempt, trial.attempt + (0 if trial.stored is not None else plan.retries)
    while True:
        run = CaseRun(plan, trial, attempt, may_try_again=spend if attempt < last else None)
        result = await run.run()
        if not run.is_tried_again:
            if result.error is None or attempt == last:
                spend(result.metrics)
            return result
        attempt += 1
