"""One traced call: from binding its arguments to the end of its span."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from opentelemetry.context import Context
from opentelemetry.trace import Span

from spanscore._json import JsonText, to_json
from spanscore.tracing._binder import Binder
from spanscore.tracing._guard import quietly
from spanscore.tracing._limits import PlainAttributes
from spanscore.tracing._open import open_call, record_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._scope import SPAN_KEY, attach, current_context
from spanscore.wire.attributes import INPUT_JSON, METADATA, OUTPUT_JSON, TAGS

_OPENING = quietly("opening the span of a traced call")
_ENDING = quietly("ending the span of a traced call")
_NOTHING: Final = object()
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """How calls of one function are recorded. `bind` is None when the input is not.

    `described` is the value of `braintrust.span_attributes`.
    """

    name: str
    described: JsonText
    bind: Binder | None
    capture_output: bool
    metadata: Mapping[str, Any] | None
    tags: Sequence[str] | None


class TracedCall:
    """A call with its span, and the context that the call runs in.

    What runs at once is entered when it begins and left when it has `returned` or `raised`; what runs in
    steps is entered and left for each of them, and then ended.
    """

    __slots__ = ("_context", "_options", "_outside", "_span")

    def __init__(self, options: CallOptions, span: Span, outside: Context) -> None:
        self._options = options
        self._span = span
        self._outside = outside
        self._context = Context({**outside, SPAN_KEY: span})

    def enter(self) -> None:
        """Make the call's context the current one for a step."""
        self._outside = current_context()
        attach(self._context)

    def leave(self) -> None:
        """Go back to the stepping context, and keep what the step has made of the call's for the next one."""
        self._context = current_context()
        attach(self._outside)

    def returned(self, output: R) -> R:
        """Leave the call, record what it returned, and give that back."""
        # Attaching, not detaching by token: no token is valid where a coroutine is closed from another task.
        attach(self._outside)
        self.end(output)
        return output

    def raised(self, error: BaseException) -> None:
        """Leave the call, and record what it raised."""
        attach(self._outside)
        self.end(error=error)

    def end(self, output: object = _NOTHING, error: BaseException | None = None) -> None:
        """Record the output and `error`, and end the span."""
        with _ENDING:
            span = self._span
            try:
                if output is not _NOTHING and self._options.capture_output and span.is_recording():
                    span.set_attribute(OUTPUT_JSON, to_json(output, max_bytes=RECORDING.budget))
                if error is not None:
                    record_error(span, error)
            finally:
                span.end()


def begin(options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> TracedCall | None:
    """The call, its span opened with the input, in whose context the program is from now on.

    None when nothing records or the arguments do not fit.
    """
    if not RECORDING.is_on():
        return None
    with _OPENING:
        attributes = _attributes(options, args, kwargs)
        if attributes is None:
            return None
        outside = current_context()
        call = TracedCall(options, open_call(options.name, options.described, outside, attributes), outside)
        call.enter()
        return call
    return None


def prepare(options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "PreparedCall | None":
    """The call with its input taken down as it is now, to be opened later; None as for `begin`."""
    if not RECORDING.is_on():
        return None
    with _OPENING:
        attributes = _attributes(options, args, kwargs)
        return None if attributes is None else PreparedCall(options, attributes, current_context())
    return None


def _attributes(
    options: CallOptions, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> PlainAttributes | None:
    attributes = PlainAttributes()
    if options.bind is not None:
        try:
            values = options.bind(*args, **kwargs)
        except TypeError:
            # The function itself will say what is wrong with the call.
            return None
        attributes[INPUT_JSON] = to_json(values, max_bytes=RECORDING.budget)
    if options.metadata is not None:
        attributes[METADATA] = to_json(options.metadata, max_bytes=int(RECORDING.budget))
    if options.tags is not None:
        attributes[TAGS] = tuple(options.tags)
    return attributes


class PreparedCall:
    """A call whose span is yet to be opened, below the span that was current when it was prepared."""

    __slots__ = ("_attributes", "_context", "_options")

    def __init__(self, options: CallOptions, attributes: PlainAttributes, context: Context) -> None:
        self._options = options
        self._attributes = attributes
        self._context = context

    def open(self) -> TracedCall | None:
        """Open the span; None if that fails."""
        with _OPENING:
            options, outside = self._options, self._context
            return TracedCall(
                options, open_call(options.name, options.described, outside, self._attributes), outside
            )
        return None
