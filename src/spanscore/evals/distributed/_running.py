"""A trial that runs elsewhere, as the crew sees it."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from spanscore.errors import RemoteCaseError
from spanscore.evals._attempts import run_trial
from spanscore.evals._crew import Run
from spanscore.evals._plan import Plan
from spanscore.evals._result import EvalResult
from spanscore.evals._task import prepare_task
from spanscore.evals._trials import Trial
from spanscore.wire.seams import ExperimentRef


class RemoteWorkers(Protocol):
    """Processes that run trials."""

    async def run(self, trial: Trial) -> EvalResult:
        """The result of a trial, whose spans are safe when it returns. Raises RemoteCaseError."""
        ...

    def close(self) -> None:
        """End them."""
        ...


Elsewhere = Callable[[ExperimentRef, Plan], RemoteWorkers]
"""Makes the workers of an experiment."""


@contextmanager
def running_in(
    elsewhere: Elsewhere | None, experiment: ExperimentRef, plan: Plan
) -> Generator[Run, None, None]:
    """What runs a trial: this process, or workers elsewhere, which end with the `with` block."""
    if elsewhere is None:
        yield run_trial
        return
    workers = elsewhere(experiment, plan)
    try:
        yield partial(run_remotely, workers)
    finally:
        workers.close()


async def run_remotely(
    workers: RemoteWorkers, plan: Plan, trial: Trial, spend: Callable[[Mapping[str, float]], bool]
) -> EvalResult:
    """The result of a trial on one of `workers`; what keeps it from running there is its task's error."""
    try:
        async with plan.limit:
            result = await workers.run(trial)
    except RemoteCaseError as error:
        failed = replace(plan, task=prepare_task(_Failing(error)), retries=0)
        return await run_trial(failed, trial, spend)
    spend(result.metrics)
    return result


class _Failing:
    """A task that raises what went wrong."""

    def __init__(self, error: RemoteCaseError) -> None:
        self._error = error

    async def __call__(self, value: Any) -> Any:
        raise self._error
