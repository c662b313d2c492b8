"""The handle that users hold: Braintrust's methods over any OpenTelemetry span."""

from collections.abc import Mapping, MutableMapping, Sequence
from types import TracebackType
from typing import Any, Final

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
from spanscore.tracing._guard import quietly
from spanscore.tracing._open import attribute_budget, described_error, open_span, record_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._remote import RemoteParent, read_parent
from spanscore.tracing._scope import context_with, scope_of
from spanscore.tracing._text import as_tags, as_text, is_error
from spanscore.tracing._w3c import inject_context, known_parent
from spanscore.wire.attributes import (
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
from spanscore.wire.records import RowUpdate
from spanscore.wire.slug import Slug

_LOGGING = quietly("Span.log")
_READING = quietly("reading a span")
_STARTING = quietly("start_span")
_MERGED = {"metadata": METADATA, "metrics": METRICS, "scores": SCORES}
_WITH_MEDIA = ("input", "output")
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

    __slots__ = ("_contexts", "_remote", "_span")

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        # Where a span in another process is above: what came from there goes along with requests.
        self._remote: RemoteParent | None = None
        # Only between `__enter__` and `__exit__`: the context entered and the one to go back to.
        self._contexts: tuple[Context, Context] | None = None

    @property
    def span(self) -> trace.Span:
        """The OpenTelemetry span itself."""
        return self._span

    @property
    def id(self) -> str:
        """The span id, 16 hexadecimal digits; also the id of the span's row."""
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
    ) -> None:
        """Add to what the span records; may be called any number of times, also after the span has ended.

        `input`, `output` and `expected` replace what was logged before; `metadata`, `metrics` and `scores`
        are merged deeply; `tags` are united. Any Python value will do: it becomes JSON within budgets.
        """
        with _LOGGING:
            replaced = {"input": input, "output": output, "expected": expected}
            merged = {"scores": scores, "metadata": metadata, "metrics": metrics}
            fields = {name: value for name, value in replaced.items() if value is not UNSET}
            fields.update({name: value for name, value in merged.items() if value is not None})
            if self._span.is_recording():
                self._write(fields, tags, error)
            else:
                self._write_late(fields, tags, error)

    def _write(
        self, fields: dict[str, Any], tags: Sequence[str] | None, error: BaseException | str | None
    ) -> None:
        budget = attribute_budget(self._span)
        for name, value in fields.items():
            key = _REPLACED.get(name)
            text = to_json(value, max_bytes=budget if name in _WITH_MEDIA else int(budget))
            if key is None:
                key = _MERGED[name]
                text = self._merged_with(key, text, budget)
            self._span.set_attribute(key, text)
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
        merged = merge_json(JsonText(known), text)
        # Cutting what is too long again would merge with a cut text the next time.
        return merged if len(merged) <= budget else to_json(from_json(merged), max_bytes=budget)

    def _write_late(
        self, fields: dict[str, Any], tags: Sequence[str] | None, error: BaseException | str | None
    ) -> None:
        """Send an update for the row of a span that has ended."""
        parent = self._attribute(PARENT)
        context = self._span_context()
        if RECORDING.sink is None or not isinstance(parent, str) or not context.trace_flags.sampled:
            return
        budget = attribute_budget()
        texts = {
            name: to_json(value, max_bytes=budget if name in _WITH_MEDIA else int(budget))
            for name, value in fields.items()
        }
        if tags is not None:
            texts["tags"] = to_json(as_tags(tags))
        if error is not None:
            texts["error"] = to_json(described_error(error) if is_error(error) else as_text(error))
        if texts:
            RECORDING.sink.put(
                RowUpdate(parent=parent, trace_id=context.trace_id, span_id=context.span_id, fields=texts)
            )

    def _span_context(self) -> SpanContext:
        with _READING:
            return self._span.get_span_context()
        return INVALID_SPAN_CONTEXT

    def _attribute(self, key: str) -> Any:
        with _READING:
            attributes: Mapping[str, Any] = getattr(self._span, "attributes", None) or {}
            return attributes.get(key)
        return None

    def set_attributes(self, *, name: str | None = None, type: str | None = None) -> None:  # noqa: A002
        """Rename the span or give it another type, such as "tool"."""
        with _LOGGING:
            if not self._span.is_recording():
                return
            given = {"name": name, "type": type}
            given = {key: as_text(value) for key, value in given.items() if value is not None}
            if name is not None:
                self._span.update_name(as_text(name))
            merged = self._merged_with(SPAN_ATTRIBUTES, to_json(given), attribute_budget(self._span))
            self._span.set_attribute(SPAN_ATTRIBUTES, merged)

    def start_span(self, name: str, *, type: str | None = None, **fields: Any) -> "Span":  # noqa: A002
        """A started span below this one; `fields` are those of `log`."""
        with _STARTING:
            child = Span(open_span(name, span_type=type, context=self._context()))
            child._remote = self._remote
            if fields:
                child.log(**fields)
            return child
        return NOOP_SPAN

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
            return str(Slug(parent=parent, trace_id=span.trace_id, span_id=span.span_id, purpose=purpose))
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
        """Where to look at the span's trace: with the embedded store, the command that shows it."""
        return f"spanscore trace {self.root_span_id}"

    def end(self, end_time: float | None = None) -> None:
        """End the span, at `end_time` in Unix seconds, now when None."""
        with quietly("Span.end"):
            self._span.end(None if end_time is None else int(end_time * 1e9))

    def __enter__(self) -> "Span":
        previous = otel_context.get_current()
        parent = self._attribute(PARENT)
        elsewhere = isinstance(parent, str) and parent != scope_of(previous).parent
        base = previous if self._remote is None else self._remote.carried_on(previous)
        entered = context_with(self._span, parent=parent if elsewhere else None, base=base)
        otel_context.attach(entered)
        self._contexts = (entered, previous)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with _LOGGING:
            if error is not None and self._span.is_recording():
                record_error(self._span, error)
            self._span.end()
        if self._contexts is not None:
            entered, previous = self._contexts
            self._contexts = None
            # No token: one must not be reset in another context, and nobody's context is changed but ours.
            if otel_context.get_current() is entered:
                otel_context.attach(previous)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return self._identity() == other._identity()

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


def start_span(
    name: str,
    *,
    type: str | None = None,  # noqa: A002 - Braintrust's word
    parent: "str | Span | RemoteParent | None" = None,
    start_time: float | None = None,
    **fields: Any,
) -> Span:
    """A started span below the current one; use it in a `with` statement or call `end()`.

    `type` is one of SpanTypeAttribute or any other word. `parent` is the Span to be below of, in another
    process too: what `extract_trace_context` or `Span.export()` gave there; or the text of a container such
    as "project_name:bot", under which a new trace begins. One that cannot be read counts as None.
    `start_time` is in Unix seconds. `fields` are those of `Span.log`.

    >>> from spanscore import start_span
    >>> with start_span("answer", type="task", input="2+2") as span:
    ...     span.log(output="4")
    """
    if not RECORDING.is_on():
        return NOOP_SPAN
    with _STARTING:
        start_ns = None if start_time is None else int(start_time * 1e9)
        if parent is None:
            span = Span(open_span(name, span_type=type, start_ns=start_ns))
        else:
            span = _start_below(parent, name, type, start_ns)
        if fields:
            span.log(**fields)
        return span
    return NOOP_SPAN


def _askable(parent: Any) -> Any:
    """The same, or text in place of a value whose class nobody here knows: its code is not to be run."""
    return (
        parent if parent is None or issubclass(type(parent), (str, Span, RemoteParent)) else as_text(parent)
    )


def _start_below(
    parent: str | Span | RemoteParent, name: str, kind: str | None, start_ns: int | None
) -> Span:
    parent = _askable(parent)
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


def context_below(parent: str | Span | RemoteParent | None) -> Context:
    """The current context with spans that start in it beginning below `parent`."""
    parent = _askable(parent)
    if isinstance(parent, Span):
        return parent._place()[1]  # pyright: ignore[reportPrivateUsage]
    remote = read_parent(parent)
    current = otel_context.get_current()
    return current if remote is None else remote.placed_on(current)
