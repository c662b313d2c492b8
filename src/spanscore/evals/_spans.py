"""The spans of one trial of a case: `eval`, below it `task` and one for each scorer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, StatusCode, format_trace_id

from spanscore._json import JsonText, from_json, to_json
from spanscore.evals._score_attributes import score_attributes, score_event
from spanscore.evals._trials import Trial
from spanscore.scoring import Score
from spanscore.tracing import SpanTemplate, attribute_budget, context_with, quietly, record_error
from spanscore.wire import attributes as keys

_RECORDING_ERROR: Final = quietly("recording the error of a task or scorer")


class Step:
    """A span while the user's function runs below it; as a context manager it keeps what the function raises.

    What is no failure of the function, such as the cancellation of the eval, is recorded and goes on.
    """

    __slots__ = ("_context", "_token", "error", "span")

    def __init__(self, span: Span, context: Context) -> None:
        self.span = span
        self.error: BaseException | None = None
        self._context = context
        self._token: Any = None

    def __enter__(self) -> "Step":
        self._token = otel_context.attach(self._context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if self._token is not None:
            otel_context.detach(self._token)
        if error is None:
            return False
        with _RECORDING_ERROR:
            record_error(self.span, error)
        self.error = error
        if _is_failure(error):
            return True
        self.span.end()
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalSpans:
    """What the spans of all cases of an eval have in common; opens those of a case.

    `parent` is the text of the experiment's Parent, `links` point to the span under which the eval was
    called.
    """

    parent: str
    links: tuple[Link, ...]
    budget: int
    eval: SpanTemplate
    task: SpanTemplate
    scorers: Mapping[str, SpanTemplate]

    @classmethod
    def of(cls, experiment_id: str, scorers: Sequence[str]) -> "EvalSpans":
        """The spans of the experiment, linked to the current span if there is one."""
        above = trace.get_current_span().get_span_context()
        parent = f"experiment_id:{experiment_id}"
        template = partial(SpanTemplate, parent=parent, scope=keys.EVAL_SCOPE)
        return cls(
            parent=parent,
            links=(Link(above),) if above.is_valid else (),
            budget=attribute_budget(),
            eval=template("eval", span_type="eval"),
            task=template("task", span_type="task"),
            scorers={
                name: template(name, span_type="score", purpose="scorer", label=name) for name in scorers
            },
        )


class CaseSpans:
    """The open `eval` span of one trial, and what is written below it."""

    def __init__(self, common: EvalSpans, trial: Trial) -> None:
        case = trial.case
        self._common = common
        self._case = case
        self._input = trial.input_json
        budget = int(common.budget)
        self._expected = None if case.expected is None else to_json(case.expected, max_bytes=budget)
        self._output: JsonText | None = None
        self._scorer_input: JsonText | None = None
        self._identity = {"case_key": trial.case_key, "trial_index": trial.trial_index, "attempt": 1}
        attributes = self._given()
        self._metadata = attributes[keys.METADATA] = self._metadata_json(case.metadata, {})
        if case.tags:
            attributes[keys.TAGS] = case.tags
        if case.origin is not None:
            attributes[keys.ORIGIN] = to_json(case.origin, max_bytes=budget)
        self._eval = common.eval.open(Context(), attributes, common.links)
        self._context = context_with(self._eval, parent=common.parent)

    @property
    def trace_id(self) -> str:
        """The trace of this trial, 32 hexadecimal digits."""
        return format_trace_id(self._eval.get_span_context().trace_id)

    def open_task(self) -> Step:
        """The step of the task."""
        span = self._common.task.open(self._context, self._given())
        return Step(span, context_with(span, base=self._context))

    def end_task(self, step: Step, output: Any) -> None:
        """Write the output, or the task's error, and end its span."""
        if step.error is None:
            self._output = to_json(output, max_bytes=self._common.budget)
            step.span.set_attribute(keys.OUTPUT_JSON, self._output)
            self._eval.set_attribute(keys.OUTPUT_JSON, self._output)
        else:
            self._eval.set_status(StatusCode.ERROR, _described(step.error))
        step.span.end()

    def open_scorer(self, name: str, metadata: Mapping[str, Any]) -> Step:
        """The step of the scorer `name`; every span below it has the purpose "scorer"."""
        if self._scorer_input is None:
            self._scorer_input = self._scorer_input_json(metadata)
        span = self._common.scorers[name].open(self._context, {keys.INPUT_JSON: self._scorer_input})
        context = context_with(span, purpose="scorer", base=self._context)
        return Step(span, context)

    def end_scorer(self, step: Step, name: str, scores: Sequence[Score]) -> None:
        """Write the scores, or the scorer's error, and end its span."""
        if step.error is None:
            step.span.set_attributes(score_attributes(name, scores, self._common.budget))
            for score in scores:
                if score.score is not None:
                    step.span.add_event(keys.GEN_AI_EVALUATION_RESULT, score_event(score))
        else:
            failure = {keys.GEN_AI_EVALUATION_NAME: name, keys.ERROR_TYPE: type(step.error).__qualname__}
            step.span.add_event(keys.GEN_AI_EVALUATION_RESULT, failure)
        step.span.end()

    def end(
        self, metadata: Mapping[str, Any] | None, tags: Sequence[str], failed: Mapping[str, BaseException]
    ) -> None:
        """End the `eval` span, with `metadata` and `tags` as the task left them."""
        if metadata is not self._case.metadata or failed:
            text = self._metadata_json(metadata, failed)
            if text != self._metadata:
                self._eval.set_attribute(keys.METADATA, text)
        if tags != self._case.tags:
            self._eval.set_attribute(keys.TAGS, tuple(tags))
        self._eval.end()

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = {keys.INPUT_JSON: self._input}
        if self._expected is not None:
            given[keys.EXPECTED_JSON] = self._expected
        return given

    def _metadata_json(
        self, metadata: Mapping[str, Any] | None, failed: Mapping[str, BaseException]
    ) -> JsonText:
        if not metadata and not failed:
            return to_json(self._identity)
        merged = {**(metadata or {}), **self._identity}
        if failed:
            merged["scorer_errors"] = {name: _described(error) for name, error in failed.items()}
        return to_json(merged, max_bytes=int(self._common.budget))

    def _scorer_input_json(self, metadata: Mapping[str, Any]) -> JsonText:
        """The scoring arguments, put together from texts that were encoded already."""
        budget = self._common.budget
        text = (
            f'{{"input":{self._input},"output":{self._output or "null"},"expected":{self._expected or "null"}'
        )
        if metadata:
            text = f'{text},"metadata":{to_json(metadata, max_bytes=budget)}'
        text += "}"
        if 4 * len(text) > budget and len(text.encode("utf-8", "surrogatepass")) > budget:
            return to_json(from_json(text), max_bytes=budget)
        return JsonText(text)


def _described(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  the __str__ of somebody's exception
        return type(error).__name__


def _is_failure(error: BaseException) -> bool:
    """True if the user's function failed, False if the eval is being stopped."""
    if isinstance(error, Exception):
        return True
    return isinstance(error, asyncio.CancelledError) and not _is_cancelled()


def _is_cancelled() -> bool:
    """Whether the CancelledError at hand was meant for us; before Python 3.11 nobody can tell, so it was."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # in a thread, where nothing of ours is ever cancelled
        return False
    cancelling = getattr(task, "cancelling", None)
    return cancelling is None or cancelling() > 0
