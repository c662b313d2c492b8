"""One trial of a case on its way: the task, the scorers, the result."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from spanscore.evals._call import Call
from spanscore.evals._hooks import EvalHooks
from spanscore.evals._pace import Pace
from spanscore.evals._result import EvalResult
from spanscore.evals._spans import CaseSpans, EvalSpans, Step
from spanscore.evals._task import Task
from spanscore.evals._trials import Trial
from spanscore.evals._worker import Workers
from spanscore.scoring import PreparedScorer, Score
from spanscore.tracing import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How each case of an eval is run.

    `one_hop` says that a synchronous task and the synchronous scorers of a case share one call of a worker
    thread; with a time-out each call is on its own.
    """

    task: Task
    scorers: Sequence[PreparedScorer]
    spans: EvalSpans
    workers: Workers
    pace: Pace
    timeout_s: float | None

    @property
    def one_hop(self) -> bool:
        """True unless each call has a time-out of its own."""
        return self.timeout_s is None


class CaseRun:
    """Runs one trial of a case. Errors of the task and of scorers end up in the result."""

    def __init__(self, plan: Plan, trial: Trial) -> None:
        self._plan = plan
        self._case = trial.case
        self._trial_index = trial.trial_index
        self._started = perf_counter()
        self._spans = CaseSpans(plan.spans, trial)
        self._hooks: EvalHooks | None = None
        self._output: Any = None
        self._error: BaseException | None = None
        self._values: Mapping[str, Any] = {}
        self._scores: dict[str, Sequence[Score]] = {}
        self._failed: dict[str, BaseException] = {}

    async def run(self) -> EvalResult:
        """Run the task and, if it did not fail, the scorers."""
        task = self._task_call()
        calls: list[Call] = []
        if task.is_async or not self._plan.one_hop:
            await task.run(self._plan.workers, self._plan.timeout_s)
        else:
            calls = await self._plan.workers.run(partial(self._run_here, task))
            await task.settle()
        if self._error is None:
            await self._run_scorers(calls)
        return self._result()

    def _run_here(self, task: Call) -> list[Call]:
        """Run the task and then the synchronous scorers in this thread; the calls of the scorers."""
        task.run_here()
        if task.unsettled is not None or self._error is not None:
            return []
        return self._run_scorers_here()

    def _run_scorers_here(self) -> list[Call]:
        calls = [self._scorer_call(scorer) for scorer in self._plan.scorers if not scorer.is_async]
        for call in calls:
            call.run_here()
        return calls

    async def _run_scorers(self, begun: Sequence[Call]) -> None:
        """Run the scorers that have not begun, those that wait for something side by side."""
        plan = self._plan
        apart = [scorer for scorer in plan.scorers if scorer.is_async or not plan.one_hop]
        quick = [self._watched(scorer) for scorer in apart if plan.pace.is_quick(scorer.name)]
        runs = [self._watched(scorer) for scorer in apart if not plan.pace.is_quick(scorer.name)]
        if len(apart) + len(begun) < len(plan.scorers):
            runs.append(self._run_scorers_in_thread())
        runs.extend(call.settle() for call in begun if call.unsettled is not None)
        await _side_by_side(runs, quick)

    def _watched(self, scorer: PreparedScorer) -> Coroutine[Any, Any, None]:
        run = self._scorer_call(scorer).run(self._plan.workers, self._plan.timeout_s)
        return self._plan.pace.watch(scorer.name, run)

    async def _run_scorers_in_thread(self) -> None:
        for call in await self._plan.workers.run(self._run_scorers_here):
            await call.settle()

    def _task_call(self) -> Call:
        return Call(
            self._call_task,
            is_async=self._plan.task.is_async,
            open_step=self._open_task,
            read=_unchanged,
            finish=self._end_task,
        )

    def _open_task(self) -> Step:
        step = self._spans.open_task()
        if self._plan.task.wants_hooks:
            self._hooks = EvalHooks(
                metadata=self._case.metadata,
                expected=self._case.expected,
                span=Span(step.span),
                trial_index=self._trial_index,
                tags=self._case.tags,
            )
        return step

    def _call_task(self) -> Any:
        return self._plan.task.call(self._case.input, self._hooks)

    def _end_task(self, step: Step, output: Any) -> None:
        self._output = output
        self._error = step.error
        self._spans.end_task(step, output)
        self._values = {
            "input": self._case.input,
            "output": output,
            "expected": self._case.expected,
            "metadata": self._metadata(),
            "tags": self._tags(),
            "trial_index": self._trial_index,
            "trace": None,
            "id": self._case.id,
            "user_data": None,
        }

    def _scorer_call(self, scorer: PreparedScorer) -> Call:
        return Call(
            partial(scorer.call, self._values),
            is_async=scorer.is_async,
            open_step=partial(self._spans.open_scorer, scorer.name, self._metadata()),
            read=scorer.read,
            finish=partial(self._end_scorer, scorer),
        )

    def _end_scorer(self, scorer: PreparedScorer, step: Step, scores: Sequence[Score] | None) -> None:
        if step.error is None:
            self._scores[scorer.name] = scores or ()
        else:
            self._failed[scorer.name] = step.error
        self._spans.end_scorer(step, scorer.name, scores or ())

    def _metadata(self) -> Mapping[str, Any]:
        return (self._case.metadata or {}) if self._hooks is None else self._hooks.metadata

    def _tags(self) -> tuple[str, ...]:
        return self._case.tags if self._hooks is None else tuple(dict.fromkeys(self._hooks.tags))

    def _result(self) -> EvalResult:
        failed = {
            scorer.name: self._failed[scorer.name]
            for scorer in self._plan.scorers
            if scorer.name in self._failed
        }
        self._spans.end(
            self._case.metadata if self._hooks is None else self._hooks.metadata, self._tags(), failed
        )
        return EvalResult(
            input=self._case.input,
            output=self._output,
            expected=self._case.expected,
            scores={
                score.name: score.score
                for scorer in self._plan.scorers
                for score in self._scores.get(scorer.name, ())
            },
            metadata=self._metadata(),
            tags=self._tags(),
            error=self._error,
            scorer_errors=failed,
            trial_index=self._trial_index,
            trace_id=self._spans.trace_id,
            duration_s=perf_counter() - self._started,
        )


def _unchanged(value: Any) -> Any:
    return value


async def _side_by_side(
    runs: Sequence[Coroutine[Any, Any, None]], quick: Sequence[Coroutine[Any, Any, None]]
) -> None:
    """Run all at once, the quick ones and the first of the others in this asyncio task."""
    tasks = [asyncio.ensure_future(run) for run in runs[1:]]
    try:
        for run in (*quick, *runs[:1]):
            await run
        for task in tasks:
            await task
    finally:
        for task in tasks:
            task.cancel()
