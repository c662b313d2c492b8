"""The handle that users hold: Braintrust's methods over any OpenTelemetry span."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, StatusCode, format_span_id, format_trace_id

from spanscore._json import JsonText, from_json, merge_json, to_json
from spanscore.tracing._guard import quietly
from spanscore.tracing._open import attribute_budget, open_span, record_error
from spanscore.tracing._recording import RECORDING
from spanscore.tracing._scope import context_with, scope_of
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

_LOGGING = quietly("Span.log")
_MERGED = {"metadata": METADATA, "metrics": METRICS, "scores": SCORES}
_REPLACED = {"input": INPUT_JSON, "output": OUTPUT_JSON, "expected": EXPECTED_JSON}


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final[Any] = _Unset()
"""The default of fields that may be logged as None."""


class Span:
    """A handle over an OpenTelemetry span: ours, the SDK's, or one that records nothing.

    It holds nothing but the span: two handles are equal when their spans are the same. Every method is safe
    on a span that does not record.

    >>> from spanscore import start_span
    >>> with start_span("retrieve", type="tool") as span:
    ...     span.log(input="spans", output=["a", "b"], metrics={"hits": 2})
    """

    __slots__ = ("_contexts", "_span")

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        # Only between `__enter__` and `__exit__`: the context entered and the one to go back to.
        self._contexts: tuple[Context, Context] | None = None

    @property
    def span(self) -> trace.Span:
        """The OpenTelemetry span itself."""
        return self._span

    @property
    def id(self) -> str:
        """The span id, 16 hexadecimal digits; also the id of the span's row."""
        return format_span_id(self._span.get_span_context().span_id)

    @property
    def root_span_id(self) -> str:
        """The trace id, 32 hexadecimal digits."""
        return format_trace_id(self._span.get_span_context().trace_id)

    @property
    def name(self) -> str:
        """The span's name; "" for a span that does not record."""
        return str(getattr(self._span, "name", ""))

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
            text = to_json(value, max_bytes=budget)
            if key is None:
                key = _MERGED[name]
                text = self._merged_with(key, text, budget)
            self._span.set_attribute(key, text)
        if tags:
            known = self._attribute(TAGS) or ()
            self._span.set_attribute(TAGS, tuple(dict.fromkeys((*known, *tags))))
        if isinstance(error, BaseException):
            record_error(self._span, error)
        elif error is not None:
            self._span.set_status(StatusCode.ERROR, str(error))

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
        context = self._span.get_span_context()
        if RECORDING.sink is None or not isinstance(parent, str) or not context.trace_flags.sampled:
            return
        texts = {name: to_json(value, max_bytes=attribute_budget()) for name, value in fields.items()}
        if tags:
            texts["tags"] = to_json(list(tags))
        if error is not None:
            texts["error"] = to_json(error if isinstance(error, str) else f"{type(error).__name__}: {error}")
        if texts:
            RECORDING.sink.put(
                RowUpdate(parent=parent, trace_id=context.trace_id, span_id=context.span_id, fields=texts)
            )

    def _attribute(self, key: str) -> Any:
        attributes: Mapping[str, Any] = getattr(self._span, "attributes", None) or {}
        return attributes.get(key)

    def set_attributes(self, *, name: str | None = None, type: str | None = None) -> None:  # noqa: A002
        """Rename the span or give it another type, such as "tool"."""
        with _LOGGING:
            if not self._span.is_recording():
                return
            given = {"name": name, "type": type and str(type)}
            given = {key: value for key, value in given.items() if value is not None}
            if name is not None:
                self._span.update_name(name)
            merged = self._merged_with(SPAN_ATTRIBUTES, to_json(given), attribute_budget(self._span))
            self._span.set_attribute(SPAN_ATTRIBUTES, merged)

    def start_span(self, name: str, *, type: str | None = None, **fields: Any) -> "Span":  # noqa: A002
        """A started span below this one; `fields` are those of `log`."""
        context = context_with(self._span, parent=self._attribute(PARENT))
        child = Span(open_span(name, span_type=type, context=context))
        if fields:
            child.log(**fields)
        return child

    def link(self) -> str:
        """Where to look at the span's trace: with the embedded store, the command that shows it."""
        return f"spanscore trace {self.root_span_id}"

    def end(self, end_time: float | None = None) -> None:
        """End the span, at `end_time` in Unix seconds, now when None."""
        self._span.end(None if end_time is None else int(end_time * 1e9))

    def __enter__(self) -> "Span":
        previous = otel_context.get_current()
        parent = self._attribute(PARENT)
        elsewhere = isinstance(parent, str) and parent != scope_of(previous).parent
        entered = context_with(self._span, parent=parent if elsewhere else None)
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
        context = self._span.get_span_context()
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
    parent: "str | Span | None" = None,
    start_time: float | None = None,
    **fields: Any,
) -> Span:
    """A started span below the current one; use it in a `with` statement or call `end()`.

    `type` is one of SpanTypeAttribute or any other word. `parent` is the text of a container such as
    "project_name:bot", under which a new trace begins, or the Span to be below of. `start_time` is in Unix
    seconds. `fields` are those of `Span.log`.

    >>> from spanscore import start_span
    >>> with start_span("answer", type="task", input="2+2") as span:
    ...     span.log(output="4")
    """
    if not RECORDING.is_on():
        return NOOP_SPAN
    with quietly("start_span"):
        name = str(name)
        start_ns = None if start_time is None else int(start_time * 1e9)
        if isinstance(parent, Span):
            base = context_with(parent.span, parent=parent._attribute(PARENT))  # pyright: ignore[reportPrivateUsage]
            opened = open_span(name, span_type=type, context=base, start_ns=start_ns)
        elif parent is not None:
            opened = open_span(name, span_type=type, context=Context(), parent=parent, start_ns=start_ns)
        else:
            opened = open_span(name, span_type=type, start_ns=start_ns)
        span = Span(opened)
        if fields:
            span.log(**fields)
        return span
    return NOOP_SPAN
