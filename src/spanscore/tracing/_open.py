"""Opens a span with everything that we write at its start."""

import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, Tracer

from spanscore._json import JsonText, merge_json, to_json
from spanscore.tracing._guard import quietly
from spanscore.tracing._limits import PlainAttributes
from spanscore.tracing._recording import RECORDING, budget_of
from spanscore.tracing._scope import current_context, parent_above, scope_of
from spanscore.tracing._span import RecordedSpan
from spanscore.tracing._text import as_text
from spanscore.wire.attributes import CONTEXT_JSON, PARENT, SCOPE, SPAN_ATTRIBUTES

if TYPE_CHECKING:
    from spanscore.tracing._given_ids import GivenIds

_STARTING = quietly("start_span")
_FIELDS: Final = frozenset({"input", "output", "expected", "scores", "metadata", "metrics", "tags", "error"})
_OF_BRAINTRUSTS_LIBRARY: Final = frozenset({"state", "internal"})


def is_recording() -> bool:
    """True if a span started now would be recorded; False where instrumentation is suppressed."""
    return RECORDING.is_on()


def captures_all() -> bool:
    """True if all that a provider's call says is wanted, not only what the span conventions list."""
    settings = RECORDING.settings
    return settings is not None and settings.capture == "all"


def captures_messages() -> bool:
    """True if messages are wanted in the attributes that OpenTelemetry defines for them, too."""
    settings = RECORDING.settings
    return settings is not None and settings.capture_messages


def estimates_cost() -> bool:
    """True if the estimated price of a provider's call is wanted."""
    settings = RECORDING.settings
    return settings is not None and settings.estimate_cost


def media_limit() -> int:
    """How many bytes of media, as base64, one input or output may have; 0 where none are to be kept."""
    settings = RECORDING.settings
    return settings.max_media_bytes if settings is not None and settings.convert_media else 0


def tracer(scope: str = SCOPE) -> Tracer:
    """The OpenTelemetry tracer of `scope` at the provider in force; the first call chooses the provider."""
    return RECORDING.tracer(scope)


def open_span(  # noqa: PLR0913 - the one place where a span of ours begins
    name: str,
    *,
    span_type: str | None = None,
    scope: str = SCOPE,
    context: Context | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, Any] | None = None,
    links: Sequence[Link] = (),
    start_ns: int | None = None,
    parent: str | None = None,
    purpose: str | None = None,
    label: str | None = None,
    ids: "GivenIds | None" = None,
) -> Span:
    """A started OpenTelemetry span, not made current, with container, type and origin written.

    `context` None is the current one; `Context()` makes a root. `parent` is the text of a Parent; None
    inherits it from the context, else from the span above, else takes the current experiment's or logger's.
    `label` is the name within `braintrust.span_attributes`. `start_ns` is Unix nanoseconds.
    `ids` are the program's own.
    """
    if context is None:
        context = current_context()
    inherited = scope_of(context)
    written: dict[str, Any] = (
        {} if attributes and type(attributes) is not PlainAttributes else PlainAttributes()
    )
    kind_of_span = None if span_type is None else as_text(span_type)
    written[SPAN_ATTRIBUTES] = span_attributes_json(kind_of_span, label, purpose or inherited.purpose)
    written[CONTEXT_JSON] = RECORDING.origin(scope)
    parent = parent or inherited.parent or parent_above(context)
    if parent is not None:
        written[PARENT] = parent
    if attributes:
        written.update(attributes)
    chosen = RECORDING.tracer(scope)
    if ids is not None:
        written[CONTEXT_JSON] = ids.told(RECORDING.origin(scope))
        chosen = ids.tracer(chosen)
    return chosen.start_span(
        as_text(name), context, kind, attributes=written, links=links, start_time=start_ns
    )


def open_call(name: str, described: JsonText, context: Context, attributes: PlainAttributes) -> Span:
    """A started span of a traced call, not made current; takes `attributes` over.

    `described` is what `braintrust.span_attributes` says besides the purpose.
    """
    scope = scope_of(context)
    purpose = scope.purpose
    attributes[SPAN_ATTRIBUTES] = described if purpose is None else _with_purpose(described, purpose)
    attributes[CONTEXT_JSON] = RECORDING.origin(SCOPE)
    parent = scope.parent or parent_above(context)
    if parent is not None:
        attributes[PARENT] = parent
    return RECORDING.tracer(SCOPE).start_span(name, context, attributes=attributes)


class SpanTemplate:
    """Spans that differ in context and attributes alone: what they share is put together once.

    The arguments are those of `open_span`; `parent` has to be given. Attributes are text, numbers or tuples
    of text.
    """

    __slots__ = ("_name", "_scope", "_shared")

    def __init__(
        self,
        name: str,
        *,
        span_type: str,
        parent: str,
        scope: str = SCOPE,
        purpose: str | None = None,
        label: str | None = None,
    ) -> None:
        self._name = name
        self._scope = scope
        self._shared: dict[str, Any] = {
            SPAN_ATTRIBUTES: span_attributes_json(span_type, label, purpose),
            CONTEXT_JSON: RECORDING.origin(scope),
            PARENT: parent,
        }

    def open(self, context: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()) -> Span:
        """A started span, not made current."""
        written = PlainAttributes(self._shared)
        written.update(attributes)
        return RECORDING.tracer(self._scope).start_span(self._name, context, attributes=written, links=links)


@lru_cache(maxsize=1024)
def span_attributes_json(span_type: str | None, label: str | None, purpose: str | None) -> JsonText:
    """The value of `braintrust.span_attributes`; what is None is left out."""
    described = {"type": span_type, "name": label, "purpose": purpose}
    return to_json({key: value for key, value in described.items() if value is not None})


@lru_cache(maxsize=1024)
def _with_purpose(described: JsonText, purpose: str) -> JsonText:
    return merge_json(described, to_json({"purpose": purpose}))


def attribute_budget(span: Span | None = None) -> int:
    """How many bytes one JSON attribute may have, so that no limit of the provider cuts it into invalid JSON.

    Of `span`, which may be of any provider, or where None of spans that start now. It is a `Budget`: inputs
    and outputs may have media besides; `int()` of it is for everything else.
    """
    if span is None:
        return RECORDING.budget
    if isinstance(span, RecordedSpan):
        longest = span.longest_text
    else:
        longest = getattr(getattr(span, "_attributes", None), "max_value_len", None)
    settings = RECORDING.settings
    return RECORDING.budget if settings is None and longest is None else budget_of(settings, longest)


def record_error(span: Span, error: BaseException) -> None:
    """Record `error` on `span`: the status ERROR, and an `exception` event with its traceback."""
    span.set_status(StatusCode.ERROR, described_error(error))
    try:
        span.record_exception(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - the __str__ of somebody's exception may raise SystemExit too
        span.add_event("exception", _exception_attributes(error))


def described_error(error: BaseException) -> str:
    """Its type and message, as in "KeyError: 'gold'"; the type alone where it cannot say its message."""
    try:
        return f"{type(error).__name__}: {error}"
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - the __str__ of somebody's exception may raise SystemExit too
        return type(error).__name__


def _exception_attributes(error: BaseException) -> dict[str, str]:
    """What OpenTelemetry records of an exception, for one that cannot say its message."""
    return {
        "exception.type": type(error).__qualname__,
        "exception.message": "<the exception's str() failed>",
        "exception.stacktrace": "".join(traceback.format_tb(error.__traceback__)),
        "exception.escaped": "False",
    }


def known_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of `given` a span has; the rest is reported, and the span is not lost for it.

    What only Braintrust's own library has is passed over.
    """
    unknown = given.keys() - _FIELDS - _OF_BRAINTRUSTS_LIBRARY
    if unknown:
        with _STARTING:
            raise TypeError(f"no span has {', '.join(sorted(unknown))}; give {', '.join(sorted(_FIELDS))}")
    return {name: value for name, value in given.items() if name in _FIELDS}
