"""One traced call: from binding its arguments to the end of its span."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.trace import Span

from spanscore._json import to_json
from spanscore.tracing._binder import Binder
from spanscore.tracing._guard import quietly
from spanscore.tracing._limits import PlainAttributes
from spanscore.tracing._open import attribute_budget, open_span, record_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._scope import context_with
from spanscore.wire.attributes import INPUT_JSON, METADATA, OUTPUT_JSON, TAGS

R = TypeVar("R")
_OPENING = quietly("opening the span of a traced call")
_FINISHING = quietly("recording the output of a traced call")
_FAILING = quietly("recording the error of a traced call")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """How calls of one function are recorded. `bind` is None when the input is not."""

    name: str
    type: str
    bind: Binder | None
    capture_output: bool
    metadata: Mapping[str, Any] | None
    tags: Sequence[str] | None


class TracedCall:
    """A call with its span; `context` is the context that the call runs in."""

    __slots__ = ("_options", "_previous", "context", "span")

    def __init__(self, options: CallOptions, span: Span, base: Context) -> None:
        self._options = options
        self.span = span
        self.context: Context = context_with(span, base=base)
        self._previous: Context | None = None

    def enter(self) -> None:
        """Make the call's context the current one."""
        self._previous = otel_context.get_current()
        otel_context.attach(self.context)

    def leave(self) -> None:
        """Go back to the caller's context, and keep what the call has made of its own for its next step."""
        self.context = otel_context.get_current()
        if self._previous is not None:
            # Attaching, not detaching by token: a generator may be stepped from another task, where no token
            # is valid.
            otel_context.attach(self._previous)

    def __enter__(self) -> None:
        self.enter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.leave()
        if error is not None:
            with _FAILING:
                record_error(self.span, error)
        self.end()

    def returned(self, output: R) -> R:
        """Record what the call returned, and give it back."""
        with _FINISHING:
            if self._options.capture_output and self.span.is_recording():
                self.span.set_attribute(OUTPUT_JSON, to_json(output, max_bytes=attribute_budget()))
        return output

    def fail(self, error: BaseException) -> None:
        """Record what the call raised and end its span."""
        with _FAILING:
            record_error(self.span, error)
        self.end()

    def end(self) -> None:
        """End the span."""
        with _FINISHING:
            self.span.end()


def begin(options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> TracedCall | None:
    """The call's span, opened with the input; None when nothing records or the arguments do not fit."""
    if not RECORDING.is_on():
        return None
    with _OPENING:
        attributes = _attributes(options, args, kwargs)
        return None if attributes is None else _open(options, attributes, otel_context.get_current())
    return None


def prepare(options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "PreparedCall | None":
    """The call with its input taken down as it is now, to be opened later; None as for `begin`."""
    if not RECORDING.is_on():
        return None
    with _OPENING:
        attributes = _attributes(options, args, kwargs)
        return None if attributes is None else PreparedCall(options, attributes, otel_context.get_current())
    return None


def _attributes(options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    attributes = PlainAttributes()
    if options.bind is not None:
        try:
            values = options.bind(*args, **kwargs)
        except TypeError:
            # The function itself will say what is wrong with the call.
            return None
        attributes[INPUT_JSON] = to_json(values, max_bytes=attribute_budget())
    if options.metadata is not None:
        attributes[METADATA] = to_json(options.metadata, max_bytes=attribute_budget())
    if options.tags is not None:
        attributes[TAGS] = tuple(options.tags)
    return attributes


def _open(options: CallOptions, attributes: dict[str, Any], context: Context) -> TracedCall:
    span = open_span(options.name, span_type=options.type, context=context, attributes=attributes)
    return TracedCall(options, span, context)


class PreparedCall:
    """A call whose span is yet to be opened, below the span that was current when it was prepared."""

    __slots__ = ("_attributes", "_context", "_options")

    def __init__(self, options: CallOptions, attributes: dict[str, Any], context: Context) -> None:
        self._options = options
        self._attributes = attributes
        self._context = context

    def open(self) -> TracedCall | None:
        """Open the span; None if that fails."""
        with _OPENING:
            return _open(self._options, self._attributes, self._context)
        return None
