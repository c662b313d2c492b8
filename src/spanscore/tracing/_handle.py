"""The handle that users hold: Braintrust's methods over any OpenTelemetry span."""

import time
from collections.abc import Mapping, MutableMapping, Sequence
from types import TracebackType
from typing import Any, Final, cast

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    INVALID_SPAN_CONTEXT,
    SpanContext,
    StatusCode,
    format_span_id,
    format_trace_id,
)

from spanscore._json import JsonText, from_json, merge_json, to_json
from spanscore.tracing._fields import field_json
from spanscore.tracing._guard import quietly
from spanscore.tracing._late import send_feedback, send_late
from spanscore.tracing._open import attribute_budget, known_fields, open_span, record_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._remote import RemoteParent, read_parent
from spanscore.tracing._scope import context_with, scope_of
from spanscore.tracing._scores import sound_scores
from spanscore.tracing._text import as_tags, as_text, is_error
from spanscore.tracing._w3c import inject_context, known_parent
from spanscore.wire.attributes import (
    CONTEXT_JSON,
    EXPECTED_JSON,
    INPUT_JSON,
    METADATA,
    METRICS,
    OUTPUT_JSON,
    PARENT,
    SCORES,
    SPAN_ATTRIBUTES,
    TAGS,
)
from spanscore.wire.row_ids import row_id_in
from spanscore.wire.slug import Slug

_LOGGING = quietly("Span.log")
_STARTING = quietly("start_span")
_READING = quietly("reading a span")
_MERGED = {"metadata": METADATA, "metrics": METRICS, "scores": SCORES}
_REPLACED = {"input": INPUT_JSON, "output": OUTPUT_JSON, "expected": EXPECTED_JSON}


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final[Any] = _Unset()
"""The default of fields that may be logged as None."""


class Span:
    """A handle over an OpenTelemetry span: ours, the SDK's, or one that records nothing.

    It holds next to nothing but the span: two handles are equal when their spans are the same. Every method
    is safe on a span that does not record.

    >>> from spanscore import start_span
    >>> with start_span("retrieve", type="tool") as span:
    ...     span.log(input="spans", output=["a", "b"], metrics={"hits": 2})
    """

    __slots__ = ("_contexts", "_remote", "_span", "stays_apart")

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        # Where a span in another process is above: what came from there goes along with requests.
        self._remote: RemoteParent | None = None
        # Only between `__enter__` and `__exit__`: the context entered and the one to go back to.
        self._contexts: tuple[Context, Context] | None = None
        self.stays_apart: bool = False

    @property
    def span(self) -> trace.Span:
        """The OpenTelemetry span itself."""
        return self._span

    @property
    def id(self) -> str:
        """The id of the span's row: the one that the program has given it, else the span id."""
        return row_id_in(self._attribute(CONTEXT_JSON)) or self.span_id

    @property
    def span_id(self) -> str:
        """The span id, 16 hexadecimal digits."""
        return format_span_id(self._span_context().span_id)

    @property
    def root_span_id(self) -> str:
        """The trace id, 32 hexadecimal digits."""
        return format_trace_id(self._span_context().trace_id)

    @property
    def name(self) -> str:
        """The span's name; "" for a span that does not record."""
        with _READING:
            return str(getattr(self._span, "name", ""))
        return ""

    def log(
        self,
        *,
        input: Any = UNSET,  # noqa: A002 - Braintrust's word
        output: Any = UNSET,
        expected: Any = UNSET,
        scores: Mapping[str, float | bool | None] | None = None,
        metadata: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Sequence[str] | None = None,
        error: BaseException | str | None = None,
        **others: Any,
    ) -> None:
        """Add to what the span records; may be called any number of times, also after the span has ended.

        `input`, `output` and `expected` replace what was logged before; `metadata`, `metrics` and `scores`
        are merged deeply; `tags` are united. Any value becomes JSON within budgets; others, and
        what is no score in 0..1, are reported and left out.
        """
        with _LOGGING:
            if others:
                known_fields(others)
            replaced = {"input": input, "output": output, "expected": expected}
            merged = {"scores": sound_scores(scores), "metadata": metadata, "metrics": metrics}
            fields = {name: value for name, value in replaced.items() if value is not UNSET}
            fields.update({name: value for name, value in merged.items() if value is not None})
            if self._span.is_recording():
                self._write(fields, tags, error)
            else:
                self._write_late({**fields, "tags": tags, "error": error})

    def _write(
        self, fields: dict[str, Any], tags: Sequence[str] | None, error: BaseException | str | None
    ) -> None:
        budget = attribute_budget(self._span)
        for name, value in fields.items():
            text = field_json(name, value, budget)
            if (key := _MERGED.get(name)) is not None:
                text = self._merged_with(key, text, budget)
            self._span.set_attribute(key or _REPLACED[name], text)
        if tags is not None:
            known = self._attribute(TAGS) or ()
            self._span.set_attribute(TAGS, tuple(dict.fromkeys((*known, *as_tags(tags)))))
        if is_error(error):
            record_error(self._span, error)
        elif error is not None:
            self._span.set_status(StatusCode.ERROR, as_text(error))

    def _merged_with(self, key: str, text: JsonText, budget: int) -> JsonText:
        known = self._attribute(key)
        if not isinstance(known, str):
            return text
        merged = merge_json(JsonText(known), text, redact=key != SCORES)
        # Cutting what is too long again would merge with a cut text the next time.
        return merged if len(merged) <= budget else to_json(from_json(merged), max_bytes=budget)

    def _write_late(self, event: Mapping[str, Any]) -> None:
        """Send an update for the row of a span that has ended."""
        parent, context = self._attribute(PARENT), self._span_context()
        if isinstance(parent, str) and context.trace_flags.sampled:
            send_late(parent, context.trace_id, context.span_id, event, row_id=self.id)

    def _span_context(self) -> SpanContext:
        with _READING:
            return self._span.get_span_context()
        return INVALID_SPAN_CONTEXT

    def _attribute(self, key: str) -> Any:
        with _READING:
            return cast("Mapping[str, Any]", getattr(self._span, "attributes", None) or {}).get(key)
        return None

    def log_feedback(self, **feedback: Any) -> None:
        """Tell what somebody thinks of it: `scores`, `expected`, `tags`, a `comment`; also after its end.

        `metadata` and `source` ("external", "app" or "api") are the feedback's own. Raises ConfigError if
        there is nothing in it, ScoreError for a score outside 0..1.
        """
        parent = self._attribute(PARENT)
        if isinstance(parent, str):
            send_feedback(parent, self._span_context().trace_id, self.id, feedback)

    def set_attributes(
        self,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - Braintrust's word
        span_attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Rename the span, give it another type, such as "tool", or attributes of other names."""
        with _LOGGING:
            if not self._span.is_recording():
                return
            given = {"name": name, "type": type}
            told = {key: as_text(value) for key, value in given.items() if value is not None}
            if name is not None:
                self._span.update_name(as_text(name))
            merged = to_json({**(span_attributes or {}), **told})
            merged = self._merged_with(SPAN_ATTRIBUTES, merged, attribute_budget(self._span))
            self._span.set_attribute(SPAN_ATTRIBUTES, merged)

    def start_span(
        self,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - Braintrust's word
        span_attributes: Mapping[str, Any] | None = None,
        start_time: float | None = None,
        set_current: bool | None = None,  # noqa: FBT001 - Braintrust's order
        parent: "str | Span | RemoteParent | None" = None,
        **fields: Any,
    ) -> "Span":
        """A started span below this one, or below `parent`; the arguments are those of `start_span`."""
        if not RECORDING.is_on():
            return NOOP_SPAN
        with _STARTING:
            start_ns = None if start_time is None else int(start_time * 1e9)
            called = "span" if name is None else name
            span = start_below(self if parent is None else parent, called, type, start_ns)
            return span.begun(span_attributes, fields, set_current=set_current)
        return NOOP_SPAN

    def begun(
        self, described: Mapping[str, Any] | None, fields: Mapping[str, Any], *, set_current: bool | None
    ) -> "Span":
        """The same span with what it was started with."""
        self.stays_apart = set_current is False
        if described:
            self.set_attributes(span_attributes=described)
        if fields:
            self.log(**known_fields(fields))
        return self

    def inject(self, carrier: MutableMapping[str, Any] | None = None) -> MutableMapping[str, Any]:
        """`carrier` (a new dict when None) with the headers that let another process go on below this span.

        `traceparent`, `tracestate` if one was received, and `baggage` with the container and with what other
        vendors put there. Names are in lower case, those of other case are replaced.

        >>> from spanscore import start_span
        >>> with start_span("answer") as span:
        ...     headers = span.inject({"accept": "text/plain"})
        """
        carrier = {} if carrier is None else carrier
        with quietly("Span.inject"):
            inject_context(carrier, self._context())
        return carrier

    def export(self) -> str:
        """The span as a text that other programs can begin spans below, also those of the official SDK.

        Give it to `start_span(parent=…)` or `parent_context(…)`. It is for payloads and queues; headers are
        for `inject`. "" for a span that is in no trace or no container.

        >>> from spanscore import init_logger, start_span
        >>> logger = init_logger("support bot")
        >>> with start_span("answer") as span:
        ...     reference = span.export()
        >>> with start_span("follow-up", parent=reference):
        ...     pass
        """
        with quietly("Span.export"):
            span = self._span_context()
            parent = known_parent(self._context()) if span.is_valid else None
            if parent is None:
                return ""
            described = self._attribute(SPAN_ATTRIBUTES)
            purpose = from_json(described).get("purpose") if isinstance(described, str) else None
            ids = {"trace_id": span.trace_id, "span_id": span.span_id}
            return str(Slug(parent=parent, **ids, purpose=purpose, row_id=self.id))
        return ""

    def _context(self) -> Context:
        """The current context as it is below this span."""
        context = otel_context.get_current()
        if self._remote is not None:
            context = self._remote.carried_on(context)
        return context_with(self._span, parent=self._attribute(PARENT), base=context)

    def _place(self) -> tuple[RemoteParent | None, Context]:
        return self._remote, self._context()

    def link(self) -> str:
        """Where to look at the span's trace: a page of Braintrust's, or the command that shows it."""
        with quietly("Span.link"):
            if RECORDING.permalink is not None and (exported := self.export()):
                return RECORDING.permalink(exported)
        return f"spanscore trace {self.root_span_id}"

    permalink = link

    def flush(self, timeout_s: float = 30.0) -> bool:
        """True if every span finished so far was delivered within `timeout_s` seconds."""
        return RECORDING.sink is None or bool(RECORDING.sink.flush(timeout_s))

    def end(self, end_time: float | None = None) -> float:
        """The Unix seconds at which the span ended: `end_time`, now when None."""
        ended = time.time() if end_time is None else end_time
        with quietly("Span.end"):
            self._span.end(None if end_time is None else int(end_time * 1e9))
        return ended

    close = end

    def set_current(self) -> None:
        """Make it the current span until `unset_current`; a `with` statement does both."""
        if self._contexts is None:
            self._enter()

    def unset_current(self) -> None:
        """Make that the current span again which was it before `set_current`."""
        self._leave()

    def __enter__(self) -> "Span":
        if not self.stays_apart:
            self._enter()
        return self

    def _enter(self) -> None:
        previous = otel_context.get_current()
        parent = self._attribute(PARENT)
        elsewhere = isinstance(parent, str) and parent != scope_of(previous).parent
        base = previous if self._remote is None else self._remote.carried_on(previous)
        entered = context_with(self._span, parent=parent if elsewhere else None, base=base)
        otel_context.attach(entered)
        self._contexts = (entered, previous)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with _LOGGING:
            if error is not None and self._span.is_recording():
                record_error(self._span, error)
            self._span.end()
        self._leave()

    def _leave(self) -> None:
        if self._contexts is not None:
            (entered, previous), self._contexts = self._contexts, None
            # No token: one must not be reset in another context, and nobody's context is changed but ours.
            if otel_context.get_current() is entered:
                otel_context.attach(previous)

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, Span) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[int, int]:
        context = self._span_context()
        return context.trace_id, context.span_id

    def __repr__(self) -> str:
        return f"Span(name={self.name!r}, id={self.id!r}, root_span_id={self.root_span_id!r})"


NOOP_SPAN: Final = Span(INVALID_SPAN)
"""The span of no trace: what `current_span()` is outside any span."""


def current_span() -> Span:
    """The span in force, never None: NOOP_SPAN outside any span. Spans made by plain OpenTelemetry count too.

    >>> from spanscore import current_span
    >>> current_span().log(metadata={"user": "u-17"})
    """
    span = trace.get_current_span()
    return NOOP_SPAN if span is INVALID_SPAN else Span(span)


def askable(parent: Any) -> Any:
    """The same, or text in place of a value whose class nobody here knows: its code is not to be run."""
    return (
        parent if parent is None or issubclass(type(parent), (str, Span, RemoteParent)) else as_text(parent)
    )


def start_below(parent: str | Span | RemoteParent, name: str, kind: str | None, start_ns: int | None) -> Span:
    """A started span below another, here or in another process, or in a container."""
    parent = askable(parent)
    if isinstance(parent, Span):
        remote, context = parent._place()  # pyright: ignore[reportPrivateUsage]
    else:
        remote = read_parent(parent)
        if remote is None:
            return Span(open_span(name, span_type=kind, start_ns=start_ns))
        # A new trace inherits nothing.
        context = Context() if remote.span is None else remote.placed_on(otel_context.get_current())
    place = None if remote is None or remote.span is not None else remote.parent
    span = Span(open_span(name, span_type=kind, context=context, parent=place, start_ns=start_ns))
    span._remote = remote  # pyright: ignore[reportPrivateUsage]
    return span
