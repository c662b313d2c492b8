"""The ledger: where an eval's experiment is kept, in a backend or nowhere."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from spanscore.evals._eval_spans import EvalSpans
from spanscore.evals._options import EvalOptions
from spanscore.evals._result import EvalResult
from spanscore.evals._running_figures import RunningFigures
from spanscore.evals._stored_result import stored_result
from spanscore.evals._tally import Tally
from spanscore.evals._trace import CaseTrace
from spanscore.evals._worker import Workers
from spanscore.tracing import Collected
from spanscore.wire.seams import EvalBackend, ExperimentRef, ExperimentRequest
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary

TraceOf = Callable[[Collected, str], CaseTrace]
"""Makes the trace of a case from its collected spans and its trace id."""


class Ledger(Protocol):
    """Knows an experiment from before its first case until its figures."""

    @property
    def experiment_id(self) -> str:
        """The experiment that was opened, "" before."""
        ...

    async def open(self, request: ExperimentRequest) -> ExperimentRef:
        """The experiment, made now. Raises what cannot be used of the request."""
        ...

    def spans(self, experiment: ExperimentRef, marks: Mapping[str, Any]) -> EvalSpans:
        """The spans of its cases."""
        ...

    def trace_of(self, experiment: ExperimentRef) -> TraceOf | None:
        """What makes traces of its cases; None if there are none."""
        ...

    def add(self, case_key: str, result: EvalResult) -> None:
        """Take note of a finished trial."""
        ...

    async def commit(self) -> None:
        """Return when everything that has finished is safe."""
        ...

    async def mark_partial(self, experiment: ExperimentRef, reason: str | None) -> None:
        """Take note of why not all cases have run, or with None that they have after all."""
        ...

    async def end_run(self, experiment: ExperimentRef) -> None:
        """Take note that the run has come to its end."""
        ...

    async def results(self, experiment: ExperimentRef, tally: Tally) -> Sequence[EvalResult]:
        """All results of the experiment, those of the run that it goes on with included."""
        ...

    async def keep_summary_scores(
        self, experiment: ExperimentRef, scores: Mapping[str, float | None]
    ) -> None:
        """Keep the scores of the whole experiment."""
        ...

    async def summarize(
        self, experiment: ExperimentRef, tally: Tally, duration_s: float
    ) -> ExperimentSummary:
        """The experiment's figures."""
        ...

    def permalink(self, experiment: ExperimentRef) -> str:
        """Where to look at the experiment."""
        ...


def ledger_of(
    options: EvalOptions, backend: EvalBackend | None, commit: Callable[[], None], workers: Workers
) -> Ledger:
    """Where the eval is kept as its options say."""
    if backend is None:
        return SumsLedger(options)
    if options.parent is not None:
        return ParentLedger(options, commit, workers)
    return BackendLedger(options, backend, commit, workers)


class BackendLedger:
    """Keeps the experiment in a backend, which is asked in threads.

    `commit` returns when every finished span is safe. Without `summarize_scores` the figures are summed up
    here, and compared with nothing.
    """

    def __init__(
        self, options: EvalOptions, backend: EvalBackend, commit: Callable[[], None], workers: Workers
    ) -> None:
        self._baseline = options.baseline
        self._backend = backend
        self._commit = commit
        self._workers = workers
        self._sums = None if options.summarize_scores else SumsLedger(options)
        self.experiment_id = ""

    async def open(self, request: ExperimentRequest) -> ExperimentRef:
        """Register the experiment, and look for its baseline if that was named."""
        experiment = await self._workers.run(partial(self._backend.register_experiment, request))
        self.experiment_id = experiment.id
        if self._sums is not None:
            self._sums.count(tuple(request.scorers))
        if self._baseline is not None:
            # A baseline that does not exist must not be found out after the last case.
            await self._summarized(experiment)
        return experiment

    def spans(self, experiment: ExperimentRef, marks: Mapping[str, Any]) -> EvalSpans:
        """Spans that belong to the experiment."""
        return EvalSpans.of(experiment.id, marks)

    def trace_of(self, experiment: ExperimentRef) -> TraceOf | None:
        """The trace in the words of the backend's rows."""
        live = partial(CaseTrace.live, row_of=self._backend.row_of, experiment_id=experiment.id)
        return lambda collected, trace_id: live(collected, trace_id=trace_id)

    def add(self, case_key: str, result: EvalResult) -> None:
        """The backend has the spans."""
        if self._sums is not None:
            self._sums.add(case_key, result)

    async def commit(self) -> None:
        """Wait for the spans. Raises DeliveryError."""
        await self._workers.run(self._commit)

    async def mark_partial(self, experiment: ExperimentRef, reason: str | None) -> None:
        """Tell the backend."""
        await self._workers.run(partial(self._backend.mark_partial, experiment.id, reason))

    async def end_run(self, experiment: ExperimentRef) -> None:
        """Tell the backend."""
        await self._workers.run(partial(self._backend.end_run, experiment.id))

    async def results(self, experiment: ExperimentRef, tally: Tally) -> Sequence[EvalResult]:
        """Those at hand if they are all, else what is stored."""
        if not tally.skipped:
            return tally.results
        return await self._workers.run(partial(self._stored_results, experiment.id))

    async def keep_summary_scores(
        self, experiment: ExperimentRef, scores: Mapping[str, float | None]
    ) -> None:
        """Have the backend keep them."""
        if self._sums is not None:
            await self._sums.keep_summary_scores(experiment, scores)
        await self._workers.run(partial(self._backend.keep_summary_scores, experiment.id, scores))

    async def summarize(
        self, experiment: ExperimentRef, tally: Tally, duration_s: float
    ) -> ExperimentSummary:
        """The backend's figures."""
        if self._sums is not None:
            return await self._sums.summarize(experiment, tally, duration_s)
        return await self._summarized(experiment)

    def permalink(self, experiment: ExperimentRef) -> str:
        """The backend's."""
        return self._backend.permalink(experiment)

    async def _summarized(self, experiment: ExperimentRef) -> ExperimentSummary:
        summarize = partial(self._backend.summarize_experiment, experiment.id, baseline=self._baseline)
        return await self._workers.run(summarize)

    def _stored_results(self, experiment_id: str) -> list[EvalResult]:
        return [stored_result(rows) for rows in self._backend.finished_traces(experiment_id)]


class ParentLedger:
    """Makes no experiment: cases are spans below one of the program's, and figures are summed up here."""

    def __init__(self, options: EvalOptions, commit: Callable[[], None], workers: Workers) -> None:
        self._parent = options.parent
        self._commit = commit
        self._workers = workers
        self._sums = SumsLedger(options)
        self.experiment_id = ""

    async def open(self, request: ExperimentRequest) -> ExperimentRef:
        """An experiment in name alone."""
        return await self._sums.open(request)

    def spans(self, experiment: ExperimentRef, marks: Mapping[str, Any]) -> EvalSpans:
        """Spans below the program's."""
        return EvalSpans.below(self._parent)

    def trace_of(self, experiment: ExperimentRef) -> TraceOf | None:
        """None: the cases share one trace, in which nobody can tell whose a span is before all have ended."""
        return None

    def add(self, case_key: str, result: EvalResult) -> None:
        """Sum the result up."""
        self._sums.add(case_key, result)

    async def commit(self) -> None:
        """Wait for the spans. Raises DeliveryError."""
        await self._workers.run(self._commit)

    async def mark_partial(self, experiment: ExperimentRef, reason: str | None) -> None:
        """There is no experiment that anybody could take for a whole one."""

    async def end_run(self, experiment: ExperimentRef) -> None:
        """As little."""

    async def results(self, experiment: ExperimentRef, tally: Tally) -> Sequence[EvalResult]:
        """Those at hand."""
        return tally.results

    async def keep_summary_scores(
        self, experiment: ExperimentRef, scores: Mapping[str, float | None]
    ) -> None:
        """Put them beside the sums."""
        await self._sums.keep_summary_scores(experiment, scores)

    async def summarize(
        self, experiment: ExperimentRef, tally: Tally, duration_s: float
    ) -> ExperimentSummary:
        """The sums."""
        return await self._sums.summarize(experiment, tally, duration_s)

    def permalink(self, experiment: ExperimentRef) -> str:
        """Nowhere of its own."""
        return ""


class SumsLedger:
    """Keeps nothing but sums in memory: no store, no spool, no network."""

    def __init__(self, options: EvalOptions) -> None:
        self._options = options
        self.experiment_id = ""
        self._scorers: tuple[str, ...] = ()
        self._running = RunningFigures((), options.errors)
        self._whole: Mapping[str, float | None] = {}

    async def open(self, request: ExperimentRequest) -> ExperimentRef:
        """An experiment that nobody else knows."""
        self.count(tuple(request.scorers))
        return ExperimentRef(
            id=str(uuid4()),
            name=request.name or request.project,
            project_id=request.project_id or "",
            project=request.project,
            created_ns=time.time_ns(),
        )

    def count(self, scorers: tuple[str, ...]) -> None:
        """Begin the sums, of scorers with these names."""
        self._scorers = scorers
        self._running = RunningFigures(scorers, self._options.errors)

    def spans(self, experiment: ExperimentRef, marks: Mapping[str, Any]) -> EvalSpans:
        """Spans that nobody records."""
        return EvalSpans.silent()

    def trace_of(self, experiment: ExperimentRef) -> TraceOf | None:
        """None: there are no spans."""
        return None

    def add(self, case_key: str, result: EvalResult) -> None:
        """Sum the result up, unless all results are kept: then they are summed up at the end, in order."""
        if not self._options.keep_results:
            self._running.add(case_key, result)

    async def commit(self) -> None:
        """There is nothing to wait for."""

    async def mark_partial(self, experiment: ExperimentRef, reason: str | None) -> None:
        """There is no experiment that anybody could take for a whole one."""

    async def end_run(self, experiment: ExperimentRef) -> None:
        """As little."""

    async def results(self, experiment: ExperimentRef, tally: Tally) -> Sequence[EvalResult]:
        """Those at hand."""
        return tally.results

    async def keep_summary_scores(
        self, experiment: ExperimentRef, scores: Mapping[str, float | None]
    ) -> None:
        """Put them beside the sums."""
        self._whole = scores

    async def summarize(
        self, experiment: ExperimentRef, tally: Tally, duration_s: float
    ) -> ExperimentSummary:
        """The sums."""
        figures = self._running
        if self._options.keep_results:
            figures = RunningFigures(self._scorers, self._options.errors)
            results = tally.keyed_results
            for _, result in results:
                figures.learn(result)
            for case_key, result in results:
                figures.add(case_key, result)
        summary = figures.summary(experiment, duration_s)
        whole = {name: ScoreSummary.of_whole(name, value) for name, value in self._whole.items()}
        return replace(summary, scores={**summary.scores, **whole})

    def permalink(self, experiment: ExperimentRef) -> str:
        """Nowhere."""
        return ""
