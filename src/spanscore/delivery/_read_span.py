"""A span read back from the spool: contexts, which many never ask for, are made when they are asked for."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from spanscore.delivery._sources import Source
from spanscore.wire.records import FinishedSpan, Ids

_KINDS: Final = {kind.value: kind for kind in SpanKind}
_CODES: Final = {code.value: code for code in StatusCode}
_UNSET: Final = Status(StatusCode.UNSET)
_FLAGS: Final = tuple(TraceFlags(flags) for flags in range(256))


class ReadSpan(FinishedSpan):
    """The finished span that the fields of a frame are of. Raises an exception if they are no span's."""

    _instrumentation_info = None

    def __init__(
        self, fields: tuple[Any, ...], attributes: Mapping[str, Any], sources: Mapping[int, Source]
    ) -> None:
        number, high, low, span_id, flags, state, above, self._name, kind, *others = fields
        self._start_time, self._end_time, code, description, events, links, self._dropped = others
        self._trace_id: int = high << 64 | low
        self._written = span_id, flags, state
        self._above = above
        self._ids: Ids = self._trace_id, span_id, None if above is None else above[0]
        self._attributes = attributes
        self._kind = _KINDS.get(kind, SpanKind.INTERNAL)
        self._status = Status(_CODES[code], description) if code else _UNSET
        self._events = tuple([_ReadEvent(*event) for event in events]) if events else ()
        self._links = tuple([_read_link(*link) for link in links]) if links else ()
        source = sources[number]
        self._resource = source.resource
        self._instrumentation_scope = source.scope

    @property
    def ids(self) -> Ids:
        """Ids of the trace, of the span, and of the span above."""
        return self._ids

    def __getattr__(self, name: str) -> Any:
        if name == "_context":
            self._context = _context(self._trace_id, *self._written, is_remote=False)
            return self._context
        if name == "_parent":
            self._parent = None if self._above is None else _parent(self._trace_id, *self._above)
            return self._parent
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def _context(trace_id: int, span_id: int, flags: int, state: str | None, *, is_remote: bool) -> SpanContext:
    trace_state = TraceState.from_header([state]) if state else None
    return SpanContext(trace_id, span_id, is_remote, _FLAGS[flags & 0xFF], trace_state)


def _parent(trace_id: int, span_id: int, flags: int, is_remote: bool, state: str | None) -> SpanContext:  # noqa: FBT001 - as it was packed
    return _context(trace_id, span_id, flags, state, is_remote=is_remote)


class _ReadEvent(Event):
    """An event read back, with what its limits had cost."""

    def __init__(self, name: str, time_ns: int, attributes: Mapping[str, Any], dropped: int) -> None:
        self._name = name
        self._timestamp = time_ns
        self._attributes = attributes
        self._dropped = dropped

    @property
    def dropped_attributes(self) -> int:
        return self._dropped


class _ReadLink(Link):
    """A link read back, with what its limits had cost."""

    def __init__(self, context: SpanContext, attributes: Mapping[str, Any], dropped: int) -> None:
        super().__init__(context, attributes)
        self._dropped = dropped

    @property
    def dropped_attributes(self) -> int:
        return self._dropped


def _read_link(high: int, low: int, span_id: int, flags: int, *rest: Any) -> Link:
    is_remote, state, attributes, dropped = cast("tuple[bool, str | None, dict[str, Any], int]", rest)
    context = _context(high << 64 | low, span_id, flags, state, is_remote=is_remote)
    return _ReadLink(context, attributes, dropped)
