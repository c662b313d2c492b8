"""What travels from a program to a destination: finished spans and updates of their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode

from spanscore._json import JsonText

Ids = tuple[int, int, int | None]
"""Ids of a trace, of a span in it, and of the span above, if there is one."""

_UNSET = Status(StatusCode.UNSET)


class FinishedSpan(ReadableSpan):
    """A finished span that no provider holds: a copy, or what was read back from the spool.

    `dropped_attributes`, `dropped_events` and `dropped_links` say what the limits of its provider cost.
    Attributes whose value is a `JsonText` are known to be valid JSON.
    """

    def __init__(  # noqa: PLR0913 - everything that a span is
        self,
        *,
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        resource: Resource,
        scope: InstrumentationScope,
        attributes: Mapping[str, Any],
        kind: SpanKind = SpanKind.INTERNAL,
        events: Sequence[Event] = (),
        links: Sequence[Link] = (),
        status: Status = _UNSET,
        start_time: int | None = None,
        end_time: int | None = None,
        dropped: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        # The names are those that ReadableSpan's properties read.
        self._name = name
        self._context = context
        self._parent = parent
        self._kind = kind
        self._resource = resource
        self._instrumentation_scope = scope
        self._instrumentation_info = None
        self._attributes: Any = attributes
        self._events = events
        self._links = links
        self._status = status
        self._start_time = start_time
        self._end_time = end_time
        self._dropped = dropped

    @property
    def ids(self) -> Ids:
        """Ids of the trace, of the span, and of the span above."""
        context, above = self._context, self._parent
        return context.trace_id, context.span_id, None if above is None else above.span_id

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The span's attributes."""
        return self._attributes

    @property
    def dropped_attributes(self) -> int:
        """How many attributes the limits cost."""
        return self._dropped[0]

    @property
    def dropped_events(self) -> int:
        """How many events the limits cost."""
        return self._dropped[1]

    @property
    def dropped_links(self) -> int:
        """How many links the limits cost."""
        return self._dropped[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowUpdate:
    """Fields to be merged into the row of a span that has ended already.

    `parent` is the text of the container, `span_id` and `trace_id` are OpenTelemetry's numbers; a trace id of
    0 stands for whichever trace has the row. `fields` maps row fields (`input`, `output`, `expected`,
    `scores`, `metadata`, `metrics`, `tags`, `error`, `comments`) to JSON text; `scores`, `metadata` and
    `metrics` are merged deeply, `tags` are united, `comments` added, the others replace. `_row_id` is the id
    of a row that is no span's, `_audit_source` and `_audit_metadata` say who has told of it.
    """

    parent: str
    trace_id: int
    span_id: int
    fields: dict[str, JsonText]


Record = ReadableSpan | RowUpdate
"""A finished span (ours or the SDK's) or an update of one."""
