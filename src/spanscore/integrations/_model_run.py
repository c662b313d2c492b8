"""A model call that a framework tells of."""

import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from opentelemetry.trace import SpanKind

from spanscore import tracing
from spanscore._json import JsonText, to_json
from spanscore.integrations._endpoint import Description
from spanscore.integrations._messages import input_messages, output_messages
from spanscore.integrations._run import Run, context_below, described, record_failure, run_of, told_metadata
from spanscore.wire import attributes

_NOTHING: Final = Description()
_WITH_MESSAGES: Final = ("chat", "text_completion")


class ModelRun:
    """A model call, from where it begins to where it ends; it becomes a span then.

    It does not if the provider's client was recorded meanwhile: one call is one span, and the client's has
    the request as it was sent. `asked` may be set until the end, where frameworks tell it late.
    """

    __slots__ = (
        "_first_token_s",
        "_is_expected",
        "_is_recorded",
        "_name",
        "_open",
        "_start_ns",
        "_started",
        "above",
        "asked",
        "context",
    )

    def __init__(self, name: str, *, above: Run | None = None, asked: Description = _NOTHING) -> None:
        self._started = time.perf_counter()
        self._start_ns = time.time_ns()
        self._name = name
        self._first_token_s: float | None = None
        self._is_expected = True
        self._is_recorded = False
        self._open = threading.Lock()
        self.asked = asked
        self.context = context_below(above)
        self.above = above or run_of(self.context)

    def announce(self) -> None:
        """Let the next provider's call that is recorded in this context be this one."""
        expected = tuple(run for run in _ANNOUNCED.get() if run._is_expected)
        _ANNOUNCED.set((*expected, self))

    def token(self) -> None:
        """Take note of a piece of the answer: calls of the provider's client from now on are others."""
        if self._first_token_s is None:
            self._first_token_s = time.perf_counter() - self._started
            self._is_expected = False

    def take_over(self) -> bool:
        """Leave the span to the provider's client, if this call is still expected from it."""
        taken, self._is_expected = self._is_expected, False
        self._is_recorded = self._is_recorded or taken
        return taken

    def end(self, answer: Description = _NOTHING, error: BaseException | str | None = None) -> None:
        """Make the span, the first time, and let the runs above take note of the call."""
        if not self._open.acquire(blocking=False):
            return
        self._is_expected = False
        if self.above is not None:
            self.above.add(self.asked, answer)
        if not self._is_recorded:
            self._write(answer, error)
        self.asked = _NOTHING

    def _write(self, answer: Description, error: BaseException | str | None) -> None:
        span = tracing.open_span(
            self._name,
            span_type="llm",
            context=self.context,
            kind=SpanKind.CLIENT,
            start_ns=self._start_ns,
        )
        if span.is_recording():
            metadata = {**told_metadata(self.asked), **told_metadata(answer)}
            call = self._call(answer, metadata)
            budget = tracing.attribute_budget(span)
            span.set_attributes({**described(call, metadata, budget), **_messages(call, budget)})
            failure = error or answer.error
            if failure is not None:
                record_failure(span, failure)
        span.end(self._start_ns + int((time.perf_counter() - self._started) * 1e9))

    def _call(self, answer: Description, metadata: Mapping[str, Any]) -> Description:
        metrics = dict(answer.metrics)
        if tracing.estimates_cost():
            metrics.update(_cost(metadata, answer.metrics))
        if self._first_token_s is not None:
            metrics["time_to_first_token"] = self._first_token_s
        return Description(
            input=self.asked.input,
            output=answer.output,
            metrics=metrics,
            attributes={**self.asked.attributes, **answer.attributes},
        )


def _messages(call: Description, budget: int) -> dict[str, JsonText]:
    """What OpenTelemetry's conventions say of messages, where that is wanted."""
    operation = call.attributes.get(attributes.GEN_AI_OPERATION_NAME)
    if operation not in _WITH_MESSAGES or not tracing.captures_messages():
        return {}
    said = {
        attributes.GEN_AI_INPUT_MESSAGES: input_messages(call.input),
        attributes.GEN_AI_OUTPUT_MESSAGES: output_messages(call.output),
    }
    return {name: to_json(value, max_bytes=budget) for name, value in said.items()}


def _cost(metadata: Mapping[str, Any], metrics: Mapping[str, float]) -> dict[str, float]:
    # The table of prices takes a while to load, and few want it.
    from spanscore.integrations._cost import estimated_cost  # noqa: PLC0415

    cost = estimated_cost(str(metadata.get("provider")), str(metadata.get("model")), metrics)
    return {} if cost is None else {"estimated_cost": cost}


_ANNOUNCED: Final[ContextVar[tuple[ModelRun, ...]]] = ContextVar("spanscore_announced_model_runs", default=())


def recorded_by_client() -> None:
    """Say that a provider's client is recording a model call: the oldest announced one is that one."""
    for run in _ANNOUNCED.get():
        if run.take_over():
            return
