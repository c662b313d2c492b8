"""The judging of one output: scorers and classifiers, each with its span and its own failure."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

from spanscore.evals._call import Call
from spanscore.evals._eval_spans import JudgeKind
from spanscore.evals._judge import Judge
from spanscore.evals._limit import Limit
from spanscore.evals._plan import Plan
from spanscore.evals._spans import CaseSpans
from spanscore.evals._step import Step
from spanscore.scoring import Classification, Score, grouped


class Judging:
    """Runs the `judges` of one case over `values`; what they find stands in the order of the judges.

    `score_names` has the names of a scorer's scores, where they are others than one of its own name.
    """

    def __init__(
        self, plan: Plan, spans: CaseSpans, judges: Sequence[Judge], values: Mapping[str, Any]
    ) -> None:
        self._plan = plan
        self._spans = spans
        self._judges = judges
        self._values = values
        self._scores: dict[str, Sequence[Score]] = {}
        self._labels: dict[str, Sequence[Classification]] = {}
        self._failed: dict[str, BaseException] = {}
        self.score_names: dict[str, tuple[str, ...]] = {}

    def run_here(self) -> list[Call]:
        """Run the synchronous judges in this thread; their calls."""
        calls = [self._call(judge) for judge in self._judges if not judge.is_async]
        for call in calls:
            call.run_here()
        return calls

    async def run(self, begun: Sequence[Call]) -> None:
        """Run the judges that have not begun, those that wait for something side by side."""
        plan = self._plan
        apart = [judge for judge in self._judges if judge.is_async or not plan.one_hop]
        quick = [judge for judge in apart if plan.pace.is_quick(judge.key)]
        runs = [self._watched(judge) for judge in apart if judge not in quick]
        if len(apart) + len(begun) < len(self._judges):
            runs.append(self._run_in_thread())
        runs.extend(call.settle() for call in begun if call.unsettled is not None)
        tasks = [asyncio.ensure_future(run) for run in runs[1:]]
        try:
            for judge in quick:
                if (rest := plan.pace.begun(judge.key, self._run(judge))) is not None:
                    await rest
            for awaited in (*runs[:1], *tasks):
                await awaited
        finally:
            for task in tasks:
                task.cancel()

    @property
    def scores(self) -> dict[str, float | None]:
        """The scores by name; one that several scorers gave is their mean, as it is in the stored figures."""
        given: dict[str, list[float | None]] = {}
        for judge in self._judges:
            if judge.kind == "score":
                for score in self._scores.get(judge.key, ()):
                    given.setdefault(score.name, []).append(score.score)
        return {name: values[0] if len(values) == 1 else _mean(values) for name, values in given.items()}

    @property
    def labels(self) -> dict[str, list[dict[str, Any]]]:
        """The classifications by name."""
        found = self._labels
        return grouped(each for judge in self._judges for each in found.get(judge.key, ())) if found else {}

    def failed(self, kind: JudgeKind) -> dict[str, BaseException]:
        """The errors of the judges of this kind, by their names."""
        if not self._failed:
            return {}
        return {
            judge.name: self._failed[judge.key]
            for judge in self._judges
            if judge.kind == kind and judge.key in self._failed
        }

    def _watched(self, judge: Judge) -> Coroutine[Any, Any, None]:
        run = self._run(judge)
        if self._plan.judge_limit is not None:
            return _within_limit(self._plan.judge_limit, run)
        return self._plan.pace.watch(judge.key, run)

    def _run(self, judge: Judge) -> Coroutine[Any, Any, None]:
        return self._call(judge).run(self._plan.workers, self._plan.case_timeout_s)

    async def _run_in_thread(self) -> None:
        for call in await self._plan.workers.run(self.run_here):
            await call.settle()

    def _call(self, judge: Judge) -> Call:
        return Call(
            partial(judge.prepared.call, self._values),
            is_async=judge.is_async,
            open_step=partial(self._spans.open_judge, judge.kind, judge.name, self._values),
            read=judge.prepared.read,
            finish=partial(self._end, judge),
        )

    def _end(self, judge: Judge, step: Step, found: Sequence[Any] | None) -> None:
        if step.error is not None:
            self._failed[judge.key] = step.error
        if judge.kind == "score":
            self._scores[judge.key] = found or ()
            names = tuple(score.name for score in found or ())
            if names and names != (judge.name,):
                self.score_names[judge.name] = names
            self._spans.end_scorer(step, judge.name, found or ())
        else:
            self._labels[judge.key] = found or ()
            self._spans.end_classifier(step, found or ())


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


async def _within_limit(limit: Limit, run: Coroutine[Any, Any, None]) -> None:
    try:
        async with limit:
            await run
    finally:
        run.close()  # of a run that never began; else it does nothing
