"""One call of an endpoint: the owner of its span."""

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, cast

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.util.types import AttributeValue

from spanscore import tracing
from spanscore._json import to_json
from spanscore.integrations._endpoint import Description, Endpoint, Provider, Request, Service
from spanscore.integrations._messages import input_messages, output_messages
from spanscore.integrations._metadata import NOTHING, Metadata
from spanscore.integrations._model_run import recorded_by_client
from spanscore.integrations._span_info import SpanInfo
from spanscore.integrations._told_by_others import is_told_by_others
from spanscore.wire import attributes

_describing_request = tracing.quietly("describing a provider's request")
_describing_answer = tracing.quietly("describing a provider's answer")
_recording_error = tracing.quietly("recording a provider's error")
_ending = tracing.quietly("ending the span of a provider's call")

_WITH_MESSAGES: Final = frozenset({"chat", "generate_content", "text_completion"})
_CACHED: Final = {"cached": True}
_FREE: Final = {"estimated_cost": 0.0}
_INSIDE: Final = otel_context.create_key("spanscore-provider-call")


def is_inside_call() -> bool:
    """True while a recorded call runs: what it calls itself is part of it, and not recorded again.

    Also true inside the span of a model call that another instrumentation records, to the same store.
    """
    return call_around() is not None or is_told_by_others()


def call_around() -> "Call | None":
    """The recorded call that the current context is inside of."""
    call = tracing.current_context().get(_INSIDE)
    # What a request leaves running, such as a thread, keeps its context after the call is over.
    return call if isinstance(call, Call) and not call.is_over else None


class Call:
    """The span of one call, from the request until the answer is complete; ended once, by whoever is first.

    As a context manager it makes the span the current one while the request runs and records what that
    raises. `is_cached` says that the answer was kept and is given again; None while nobody knows.
    """

    __slots__ = (
        "_asked",
        "_before",
        "_budget",
        "_context",
        "_ended",
        "_error",
        "_has_messages",
        "_model",
        "_provider",
        "_started",
        "endpoint",
        "is_cached",
        "span",
    )

    def __init__(
        self, provider: Provider, endpoint: Endpoint, service: Service, request: Request, info: SpanInfo
    ) -> None:
        self._started = time.perf_counter()
        self._ended = threading.Lock()
        self._error = provider.error
        self.endpoint = endpoint
        self.is_cached: bool | None = None
        if endpoint.span_type == "llm":
            recorded_by_client()
        asked = Description()
        with _describing_request:
            asked = endpoint.request(request)
        name = endpoint.span_name if endpoint.span_name_of is None else endpoint.span_name_of(request)
        self.span = tracing.open_span(
            info.name or name,
            span_type=endpoint.span_type,
            kind=SpanKind.CLIENT,
            label=info.label,
            purpose=info.purpose,
            attributes={**asked.attributes, **service.attributes},
        )
        self._asked = NOTHING
        self._budget = 0
        self._provider = service.name
        model = asked.metadata.get("model")
        self._model = model if type(model) is str else ""
        self._has_messages = asked.attributes.get(attributes.GEN_AI_OPERATION_NAME) in _WITH_MESSAGES and (
            tracing.captures_messages()
        )
        if self.span.is_recording():
            self._budget = tracing.attribute_budget(self.span)
            metadata = {**info.metadata, "provider": service.name, **_told(asked)}
            self._asked = Metadata.of(metadata, max_bytes=self._budget)
            self.span.set_attributes({attributes.METADATA: self._asked.text, **self._content(asked)})
        self._context = Context({**tracing.context_with(self.span, purpose=info.purpose), _INSIDE: self})

    @property
    def is_recorded(self) -> bool:
        """False when the sampler left the span out: then there is nothing to describe."""
        return self.span.is_recording()

    @property
    def is_over(self) -> bool:
        """Whether the span has been ended."""
        return self._ended.locked()

    @property
    def context(self) -> Context:
        """Where the request runs: the span is the current one, and calls of providers are part of this."""
        return self._context

    @property
    def elapsed_s(self) -> float:
        """Seconds since the request was made."""
        return time.perf_counter() - self._started

    def __enter__(self) -> None:
        self._before = tracing.current_context()
        tracing.attach(self._context)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A coroutine that is thrown away may be closed in another context, which is not ours to change. What
        # has been attached in the request and not been detached is one made of ours.
        current = tracing.current_context()
        if current is self._context or current.get(_INSIDE) is self:
            tracing.attach(self._before)
        if error is not None:
            self.fail(error)

    def respond(self, response: Any, *, first_token_s: float | None = None) -> None:
        """Put the answer on the span: the client's object or plain JSON. `first_token_s` is for streams."""
        with _describing_answer:
            answer = self.endpoint.response(response)
            metrics = {**answer.metrics, **self._cost(answer)}
            if first_token_s is not None:
                metrics = {**metrics, "time_to_first_token": first_token_s}
            described = self._content(answer)
            told = {**_told(answer), **_CACHED} if self.is_cached else _told(answer)
            if told:
                described[attributes.METADATA] = self._asked.with_answer(told, max_bytes=self._budget)
            if metrics:
                described[attributes.METRICS] = to_json(metrics)
            # Tuples are kept as they are; lists would be copied with everything beside them.
            for name, value in answer.attributes.items():
                described[name] = tuple(cast("list[str]", value)) if type(value) is list else value
            self.span.set_attributes(described)
            if answer.error is not None:
                self.span.set_status(StatusCode.ERROR, answer.error)

    def fail(self, error: BaseException) -> None:
        """Record what was raised, with its traceback, and end the span."""
        with _recording_error:
            if not self.is_over:
                self.span.set_attributes(
                    {attributes.ERROR_TYPE: _qualified_name(type(error)), **self._error(error)}
                )
                tracing.record_error(self.span, error)
        self.end()

    def end(self) -> None:
        """End the span, the first time."""
        if self._ended.acquire(blocking=False):
            with _ending:
                self.span.end()

    def _content(self, description: Description) -> dict[str, AttributeValue]:
        content: dict[str, Any] = {}
        if description.input is not None:
            content[attributes.INPUT_JSON] = description.input
            if self._has_messages:
                content[attributes.GEN_AI_INPUT_MESSAGES] = input_messages(description.input)
        if description.output is not None:
            content[attributes.OUTPUT_JSON] = description.output
            if self._has_messages:
                content[attributes.GEN_AI_OUTPUT_MESSAGES] = output_messages(description.output)
        return {name: to_json(value, max_bytes=self._budget) for name, value in content.items()}

    def _cost(self, answer: Description) -> Mapping[str, float]:
        if self.is_cached:
            # What it cost is told where it was bought; a figure keeps others from estimating it again.
            return _FREE
        if not tracing.estimates_cost():
            return {}
        # The table of prices takes a while to load, and few want it.
        from spanscore.integrations._cost import estimated_cost  # noqa: PLC0415

        told = {"provider": self._provider, "model": self._model, **answer.metadata}
        cost = estimated_cost(str(told["provider"]), str(told["model"]), answer.metrics)
        return {} if cost is None else {"estimated_cost": cost}


def _told(description: Description) -> Mapping[str, Any]:
    """What goes into the metadata: what the conventions list, or all where that is wanted."""
    return {**description.more, **description.metadata} if tracing.captures_all() else description.metadata


def _qualified_name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
