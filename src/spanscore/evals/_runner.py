"""The run of an eval: a few workers that take trials from the source until it ends."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from spanscore.evals._case_run import CaseRun, Plan
from spanscore.evals._options import EvalOptions
from spanscore.evals._pace import Pace
from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.evals._source import Source, open_source
from spanscore.evals._spans import EvalSpans
from spanscore.evals._tally import Tally
from spanscore.evals._task import Task, prepare_task
from spanscore.evals._trials import Trials
from spanscore.evals._worker import Workers
from spanscore.evals.reporters import Display
from spanscore.scoring import PreparedScorer, prepare_scorers
from spanscore.wire.seams import Backend, ExperimentRef, ExperimentRequest
from spanscore.wire.summaries import ExperimentSummary


async def run_eval(
    options: EvalOptions, *, backend: Backend, commit: Callable[[], None], display: Display
) -> ExperimentResult:
    """What came of the eval, when all of it is stored.

    `commit` returns when every finished span is safe, and raises if that cannot be. `backend` and `commit`
    are called in a thread. What the data raises is raised here, after the cases that had begun have finished
    and are stored.
    """
    task = prepare_task(options.task)
    scorers = prepare_scorers(options.scores)
    workers = Workers(asyncio.get_running_loop())
    source = await open_source(options.data)
    try:
        run = _EvalRun(options=options, backend=backend, commit=commit, display=display, workers=workers)
        return await run.run(task, tuple(scorers), source)
    finally:
        await source.close()
        workers.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _EvalRun:
    options: EvalOptions
    backend: Backend
    commit: Callable[[], None]
    display: Display
    workers: Workers

    async def run(self, task: Task, scorers: tuple[PreparedScorer, ...], source: Source) -> ExperimentResult:
        started = perf_counter()
        experiment = await self._register(scorers)
        plan = Plan(
            task=task,
            scorers=scorers,
            spans=EvalSpans.of(experiment.id, [scorer.name for scorer in scorers]),
            workers=self.workers,
            pace=Pace(),
            timeout_s=self.options.case_timeout_s,
        )
        tally = Tally(keep_results=self.options.keep_results)
        try:
            trials = Trials(source, self.options.trial_count, plan.spans.budget)
            await self._run_trials(plan, trials, experiment, tally)
        except BaseException as error:
            await self.workers.run(self.commit)
            _say_what_is_kept(error, tally.finished, self.backend.permalink(experiment))
            raise
        await self.workers.run(self.commit)
        result = await self._result(experiment, tally, perf_counter() - started)
        self.display.show(result)
        return result

    async def _register(self, scorers: tuple[PreparedScorer, ...]) -> ExperimentRef:
        options = self.options
        request = ExperimentRequest(
            project=options.project,
            name=options.experiment_name,
            metadata=options.metadata,
            tags=tuple(options.tags),
            scorers=tuple(scorer.name for scorer in scorers),
            errors=options.errors,
            description=options.description,
            update=options.update,
        )
        experiment = await self.workers.run(partial(self.backend.register_experiment, request))
        if options.baseline is not None:
            # A baseline that does not exist must not be found out after the last case.
            await self._summarize(experiment)
        return experiment

    async def _run_trials(self, plan: Plan, trials: Trials, experiment: ExperimentRef, tally: Tally) -> None:
        with self.display.watch(experiment, trials.total) as told:
            work = partial(_work, plan, trials, tally, told)
            workers = [asyncio.ensure_future(work()) for _ in range(self.options.max_concurrency or 10)]
            try:
                await asyncio.wait(workers)
            except asyncio.CancelledError:
                for worker in workers:
                    worker.cancel()
                await asyncio.wait(workers)
                raise
        for worker in workers:
            worker.result()

    async def _result(self, experiment: ExperimentRef, tally: Tally, duration_s: float) -> ExperimentResult:
        return ExperimentResult(
            experiment=experiment,
            finished=tally.finished,
            summary=await self._summarize(experiment),
            results=tally.results,
            errors=tally.failures,
            error_count=tally.error_count,
            duration_s=duration_s,
            permalink=self.backend.permalink(experiment),
        )

    async def _summarize(self, experiment: ExperimentRef) -> ExperimentSummary:
        summarize = partial(self.backend.summarize_experiment, experiment.id, baseline=self.options.baseline)
        return await self.workers.run(summarize)


async def _work(plan: Plan, trials: Trials, tally: Tally, told: Callable[[EvalResult], None]) -> None:
    """Run trial after trial; an error that is no case's stops all workers, each after the trial it is in."""
    try:
        while (trial := await trials.next()) is not None:
            result = await CaseRun(plan, trial).run()
            tally.add(trial.number, result)
            told(result)
            # Tasks that never wait would keep the loop from timers, other workers and Ctrl-C.
            await asyncio.sleep(0)
    except BaseException:
        trials.stop()
        raise


def _say_what_is_kept(error: BaseException, finished: int, permalink: str) -> None:
    if sys.version_info >= (3, 11) and finished:
        error.add_note(f"{finished} cases had finished and are kept: {permalink}")
