"""The run of an eval, from its options to its result."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

from spanscore._counted import counted
from spanscore.errors import EvalTimeoutError
from spanscore.evals._base_experiment import baseline_of
from spanscore.evals._brake import Brake
from spanscore.evals._clusters import ClusterCount, check_cluster_key
from spanscore.evals._crew import Crew
from spanscore.evals._hooks import SharedHooks
from spanscore.evals._interruption import OnInterrupt
from spanscore.evals._judge import Panel, Panels
from spanscore.evals._ledger import Ledger, ledger_of
from spanscore.evals._options import EvalOptions
from spanscore.evals._pace import Pace
from spanscore.evals._parameters import read_parameters
from spanscore.evals._past import Past, fingerprints_of, read_past
from spanscore.evals._plan import Plan
from spanscore.evals._planning import cluster_of, hooks_of, judge_limit_of, limit_of, request_of
from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.evals._session import within_eval
from spanscore.evals._source import Source, open_source
from spanscore.evals._stopping import INTERRUPTED, TIMED_OUT, ended_or_stopped
from spanscore.evals._summary_scores import summary_scores
from spanscore.evals._tally import Tally
from spanscore.evals._task import Task, prepare_task
from spanscore.evals._trials import Trial
from spanscore.evals._worker import Workers
from spanscore.evals.distributed import Elsewhere, running_in
from spanscore.evals.reporters import Display, SilentDisplay
from spanscore.tracing import attribute_budget
from spanscore.wire.http_attempts import HTTP_ATTEMPTS
from spanscore.wire.seams import EvalBackend, ExperimentRef


async def run_eval(
    options: EvalOptions,
    *,
    backend: EvalBackend | None,
    commit: Callable[[], None],
    display: Display,
    on_interrupt: OnInterrupt | None = None,
    elsewhere: Elsewhere | None = None,
) -> ExperimentResult:
    """What came of the eval, when all of it is stored.

    `commit` returns when every finished span is safe, and raises if that cannot be. `backend` and `commit`
    are called in a thread; without `backend` nothing is stored. What the data raises is raised here, after
    the cases that had begun have finished and are stored. Raises EvalTimeoutError after the time-out of the
    run, with the result of what had finished. `on_interrupt` hears when the run is cancelled, or ended by
    Ctrl-C. `elsewhere` makes the workers of other processes in which the cases run.
    """
    options = replace(options, baseline=baseline_of(options.data, options.baseline))
    check_cluster_key(options.cluster_key, options.data)
    task = prepare_task(options.task)
    panel = Panel.of(options.scores, options.classifiers)
    parameters = read_parameters(options.parameters, options.parameter_values)
    kept_in = None if options.no_send_logs else backend
    with closing(Workers(asyncio.get_running_loop(), options.num_workers)) as workers:
        past = await read_past(options, fingerprints_of(options, panel, parameters), kept_in, workers)
        going = past.options
        ledger = ledger_of(going, kept_in, commit, workers)
        source = await open_source(going.data, backend=kept_in, experiment=lambda: ledger.experiment_id)
        try:
            run = _EvalRun(
                options=going,
                past=past,
                ledger=ledger,
                display=display,
                workers=workers,
                on_interrupt=on_interrupt,
                elsewhere=elsewhere,
                started=perf_counter(),
            )
            return await run.run(task, panel, parameters, source)
        finally:
            await source.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _EvalRun:
    options: EvalOptions
    past: Past
    ledger: Ledger
    display: Display
    workers: Workers
    on_interrupt: OnInterrupt | None
    elsewhere: Elsewhere | None
    started: float

    async def run(
        self, task: Task, panel: Panel, parameters: Mapping[str, Any], source: Source
    ) -> ExperimentResult:
        options, ledger = self.options, self.ledger
        trials = await self.past.begin(source, attribute_budget())
        experiment = await ledger.open(request_of(options, panel, source.dataset))
        if options.on_start is not None:
            begun = await ledger.summarize(experiment, Tally(keep_results=True), 0.0)
            options.on_start(replace(begun, scores={}, metrics={}))
        brake = Brake(options)
        plan = self._plan(
            experiment, task, panel, hooks_of(options, parameters), collects=brake.counts_metrics
        )
        tally = Tally(keep_results=options.keep_results)
        clusters = ClusterCount(options.cluster_key)
        with self.display.watch(experiment, trials.total) as told:

            def finished(trial: Trial, result: EvalResult) -> None:
                tally.add(trial.number, trial.case_key, result)
                ledger.add(trial.case_key, result)
                clusters.add(trial.case)
                told(result)

            with (
                running_in(self.elsewhere, experiment, plan) as run,
                HTTP_ATTEMPTS.listening(plan.limit.heard),
            ):
                crew = Crew(plan, trials, brake, finished, run=run)
                await self._run_cases(crew, experiment, brake, tally)
        tally.skipped, tally.notes = trials.skipped, (*clusters.notes(), *self.past.notes(brake.reason))
        return await self._end(experiment, brake, tally)

    def _plan(
        self, experiment: ExperimentRef, task: Task, panel: Panel, hooks: SharedHooks, *, collects: bool
    ) -> Plan:
        options = self.options
        return Plan(
            task=task,
            panels=Panels(panel, (tuple(options.scores), tuple(options.classifiers))),
            spans=self.ledger.spans(experiment, self.past.now.as_metadata()),
            workers=self.workers,
            pace=Pace(),
            limit=limit_of(options),
            hooks=hooks,
            judge_limit=judge_limit_of(options),
            case_timeout_s=options.case_timeout_s,
            retries=options.retries,
            error_score_handler=options.error_score_handler,
            trace_of=self.ledger.trace_of(experiment),
            collects=collects or not isinstance(self.display, SilentDisplay),
            cluster_of=cluster_of(options),
        )

    async def _run_cases(self, crew: Crew, experiment: ExperimentRef, brake: Brake, tally: Tally) -> None:
        """Run them to their end, or until they are stopped; whatever happens, what has finished is safe."""
        options = self.options
        try:
            with within_eval():
                stopped = await ended_or_stopped(
                    crew.run(),
                    timeout_s=options.timeout_s,
                    since=self.started,
                    cancel_event=options.cancel_event,
                )
            if stopped is not None:
                brake.pull(stopped)
        except BaseException as error:
            await self.ledger.commit()
            await self.ledger.mark_partial(experiment, _why(error))
            if tally.finished:
                _say_what_is_kept(error, tally.finished, self.ledger.permalink(experiment))
            if self.on_interrupt is not None and not isinstance(error, Exception):
                so_far = partial(self._result, experiment, INTERRUPTED, tally)
                await self.on_interrupt.tell(experiment, tally.finished, so_far)
            raise
        await self.ledger.commit()
        if brake.reason is not None or self.past.completes:
            await self.ledger.mark_partial(experiment, brake.reason)
        else:
            await self.ledger.end_run(experiment)

    async def _end(self, experiment: ExperimentRef, brake: Brake, tally: Tally) -> ExperimentResult:
        await self._score_whole(experiment, tally)
        result = await self._result(experiment, brake.reason, tally)
        self.display.show(result)
        if brake.reason == TIMED_OUT:
            raise EvalTimeoutError(
                f"the eval took longer than its timeout of {self.options.timeout_s:g} s; "
                f"{_kept(tally.finished)}: {result.permalink}",
                result,
            )
        return result

    async def _result(self, experiment: ExperimentRef, stopped: str | None, tally: Tally) -> ExperimentResult:
        duration_s = perf_counter() - self.started
        summary = await self.ledger.summarize(experiment, tally, duration_s)
        if summary.partial is None:
            summary = replace(summary, partial=stopped)
        return ExperimentResult(
            experiment=experiment,
            finished=tally.finished,
            skipped=tally.skipped,
            summary=summary,
            results=tally.results,
            errors=tally.failures,
            error_count=tally.error_count,
            stopped=stopped,
            notes=tally.notes,
            abandoned=self.workers.given_up,
            duration_s=duration_s,
            permalink=self.ledger.permalink(experiment),
        )

    async def _score_whole(self, experiment: ExperimentRef, tally: Tally) -> None:
        functions = self.options.summary_scores
        if functions:
            scores = await summary_scores(functions, await self.ledger.results(experiment, tally))
            await self.ledger.keep_summary_scores(experiment, scores)


def _why(error: BaseException) -> str:
    return f"ended by {type(error).__name__}" if isinstance(error, Exception) else INTERRUPTED


def _say_what_is_kept(error: BaseException, finished: int, permalink: str) -> None:
    if sys.version_info >= (3, 11):
        error.add_note(f"{_kept(finished)}: {permalink}")


def _kept(finished: int) -> str:
    return counted(finished, "case had finished and is kept", "cases had finished and are kept")
