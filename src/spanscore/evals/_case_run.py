"""One attempt at a trial of a case: the task, the scorers and classifiers, the result."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

from spanscore.evals._call import Call
from spanscore.evals._hooks import EvalHooks
from spanscore.evals._judging import Judging
from spanscore.evals._missing_scores import missing_scores
from spanscore.evals._plan import Plan
from spanscore.evals._result import EvalResult
from spanscore.evals._spans import CaseSpans
from spanscore.evals._step import Step
from spanscore.evals._stored import StoredTrial
from spanscore.evals._trace import CaseTrace
from spanscore.evals._trials import Trial
from spanscore.tracing import COLLECTOR, Span


class CaseRun:
    """Runs one attempt at a trial. Errors of the task and of judges end up in the result.

    Of a stored trial the output is judged, and the task does not run.
    `may_try_again` is asked after a failed task, and told what that has used; None says no. Only the attempt
    that counts asks for scores in place of missing ones. Raises ScorerSignatureError for a scorer of the
    case's own that cannot be called.
    """

    def __init__(
        self,
        plan: Plan,
        trial: Trial,
        attempt: int = 1,
        *,
        may_try_again: Callable[[Mapping[str, float]], bool] | None = None,
    ) -> None:
        case = trial.case
        self._plan = plan
        self._case = case
        self._trial_index = trial.trial_index
        self._stored = trial.stored
        self._attempt = attempt
        self._may_try_again = may_try_again
        self.is_tried_again = False
        self._panel = plan.panels.of(case.scorers)
        self._started = self._task_started = perf_counter()
        self._task_s: float | None = None
        marks: dict[str, Any] = {"attempt": attempt}
        if plan.cluster_of is not None:
            marks["cluster_key"] = plan.cluster_of(case)
        self._spans = CaseSpans(plan.spans, trial, marks)
        self._trace: CaseTrace | None = None
        self._hooks: EvalHooks | None = None
        self._output: Any = None
        self._error: BaseException | None = None
        self._judging: Judging | None = None

    async def run(self) -> EvalResult:
        """Run the task and, if it did not fail, the judges."""
        trace_of = self._plan.trace_of
        if self._stored is not None:
            await self._take(self._stored)
            return self._result()
        if (self._plan.collects or self._panel.wants_trace) and trace_of is not None:
            trace_id = self._spans.trace_id
            with COLLECTOR.collecting(trace_id) as collected:
                self._trace = trace_of(collected, trace_id)
                await self._run()
                return self._result()
        await self._run()
        return self._result()

    async def _run(self) -> None:
        plan = self._plan
        try:
            async with plan.limit:
                begun = await self._run_task()
                if plan.judge_limit is None:
                    await self._judge(begun)
        except asyncio.CancelledError:
            if self._hooks is not None:
                self._hooks.cancel()
            raise
        if plan.judge_limit is not None:
            await self._judge(begun)

    async def _run_task(self) -> Sequence[Call]:
        """Run the task; the calls of judges that have begun with it."""
        task = self._task_call()
        if task.is_async or not self._plan.one_hop:
            await task.run(self._plan.workers, self._plan.case_timeout_s)
            return ()
        calls = await self._plan.workers.run(partial(self._run_here, task))
        await task.settle()
        return calls

    def _run_here(self, task: Call) -> Sequence[Call]:
        """Run the task and then the synchronous judges in this thread; the calls of the judges."""
        task.run_here()
        return () if self._judging is None else self._judging.run_here()

    async def _judge(self, begun: Sequence[Call]) -> None:
        if self._judging is not None:
            await self._judging.run(begun)

    async def _take(self, stored: StoredTrial) -> None:
        """Judge what the task has left."""
        self._trace = CaseTrace.of_rows(stored.rows)
        self._output, self._error = stored.output, stored.error
        self._spans.take(stored)
        if stored.error is None:
            self._judging = Judging(self._plan, self._spans, self._panel.judges, self._values(stored.output))
        async with self._plan.limit:
            await self._judge(())

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
        self._task_started = perf_counter()
        plan = self._plan
        if plan.task.wants_hooks:
            self._hooks = EvalHooks(
                self._case,
                span=Span(step.span),
                eval_span=Span(self._spans.span),
                trial_index=self._trial_index,
                shared=plan.hooks,
            )
        return step

    def _call_task(self) -> Any:
        return self._plan.task.call(self._case.input, self._hooks)

    def _end_task(self, step: Step, output: Any) -> None:
        self._task_s = perf_counter() - self._task_started
        self._output = output
        self._error = step.error
        if self._hooks is not None and isinstance(step.error, TimeoutError):
            self._hooks.cancel()
        self._spans.end_task(step, output)
        if step.error is None:
            self._judging = Judging(self._plan, self._spans, self._panel.judges, self._values(output))

    def _values(self, output: Any) -> Mapping[str, Any]:
        """What scorers and classifiers may ask for."""
        case, hooks = self._case, self._hooks
        trace = self._trace
        if trace is None and self._panel.wants_trace:
            trace = CaseTrace(list, experiment_id="", trace_id="")
        return {
            "input": case.input,
            "output": output,
            "expected": case.expected,
            "metadata": self._metadata(),
            "tags": self._tags(),
            "trial_index": self._trial_index,
            "trace": trace,
            "id": case.id,
            "user_data": case.user_data if hooks is None else hooks.user_data,
        }

    def _metrics(self) -> dict[str, float]:
        """What the spans so far have used; nothing of a stored trial, whose task did not run."""
        return {} if self._trace is None or self._stored is not None else self._trace.metrics()

    def _metadata(self) -> Mapping[str, Any]:
        return (self._case.metadata or {}) if self._hooks is None else self._hooks.metadata

    def _tags(self) -> tuple[str, ...]:
        return self._case.tags if self._hooks is None else tuple(dict.fromkeys(self._hooks.tags))

    def _result(self) -> EvalResult:
        judging, case = self._judging, self._case
        scores: dict[str, float | None] = {}
        labels: dict[str, list[dict[str, Any]]] = {}
        scorer_errors: dict[str, BaseException] = {}
        classifier_errors: dict[str, BaseException] = {}
        if judging is not None:
            scores, labels = judging.scores, judging.labels
            scorer_errors, classifier_errors = judging.failed("score"), judging.failed("classifier")
        if self._error is not None and self._may_try_again is not None:
            self.is_tried_again = self._may_try_again(self._metrics())
        if self._plan.error_score_handler is not None and not self.is_tried_again:
            scores = self._with_missing(scores, scorer_errors)
        metrics = self._metrics()
        metadata, tags = self._metadata(), self._tags()
        self._spans.end(
            case.metadata if self._hooks is None else metadata,
            tags,
            _by_name(scorer_errors, classifier_errors),
            labels,
        )
        return EvalResult(
            input=case.input,
            output=self._output,
            expected=case.expected,
            scores=scores,
            metadata=metadata,
            tags=tags,
            error=self._error,
            scorer_errors=scorer_errors,
            trial_index=self._trial_index,
            trace_id=self._spans.trace_id,
            duration_s=perf_counter() - self._started,
            classifications=labels,
            classifier_errors=classifier_errors,
            metrics=metrics,
            id=case.id,
            origin=case.origin,
            attempt=self._attempt,
            task_duration_s=self._task_s,
            score_names={} if judging is None else judging.score_names,
        )

    def _with_missing(
        self, scores: Mapping[str, float | None], failed: dict[str, BaseException]
    ) -> dict[str, float | None]:
        """The scores, and beneath them those that the user's handler gives in place of missing ones."""
        names = list(failed) if self._error is None else list(self._panel.scorers)
        handler = self._plan.error_score_handler
        if handler is None or not names:
            return dict(scores)
        given, error = missing_scores(handler, self._spans.span, self._case, names)
        if error is not None:
            failed["error_score_handler"] = error
        beneath = {name: score for name, score in given.items() if name not in scores}
        if beneath:
            self._spans.log_scores(beneath)
        return {**beneath, **scores}


def _by_name(
    scorers: Mapping[str, BaseException], classifiers: Mapping[str, BaseException]
) -> dict[str, Mapping[str, BaseException]]:
    """The errors by what they stand under in the metadata of a case."""
    errors = {"scorer_errors": scorers, "classifier_errors": classifiers} if scorers or classifiers else {}
    return {name: failed for name, failed in errors.items() if failed}


def _unchanged(value: Any) -> Any:
    return value
