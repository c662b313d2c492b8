"""The span objects that our own provider makes."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from time import perf_counter_ns, time_ns
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from opentelemetry import trace
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.sdk.util.instrumentation import InstrumentationInfo, InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode

from spanscore.tracing._event import RecordedEvent
from spanscore.tracing._limits import PlainAttributes

if TYPE_CHECKING:
    from spanscore.tracing._tracer import Tracer

_logger = logging.getLogger("spanscore")
_PLAIN = frozenset({tuple, list})


class RecordedSpan(trace.Span, ReadableSpan):
    """An OpenTelemetry span that costs a fraction of the SDK's and behaves like it.

    It is a `ReadableSpan` too, so that every processor and exporter takes it. Compared with the SDK's span by
    differential tests: the same calls give the same OTLP bytes and the same `to_json`.
    """

    # The names are those that ReadableSpan's properties read. What few spans have is on the class until then.
    __slots__ = (
        "_attributes",
        "_context",
        "_end_time",
        "_is_open",
        "_kind",
        "_mark",
        "_name",
        "_parent",
        "_start_time",
        "_tracer",
    )
    _dropped_attributes: int = 0
    _events: Sequence[Event] = ()
    _links: Sequence[Link] = ()
    _status: Status = Status(StatusCode.UNSET)
    _record_exception: bool = True
    _set_status_on_exception: bool = True

    def __init__(
        self,
        tracer: "Tracer",
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        kind: SpanKind,
        attributes: Mapping[str, Any] | None,
    ) -> None:
        self._tracer = tracer
        self._name = name
        self._context = context
        self._parent = parent
        self._kind = kind
        limits = tracer.attribute_limits
        if type(attributes) is PlainAttributes and len(attributes) <= limits.most_as_they_are:
            self._attributes: dict[str, Any] = attributes
        else:
            self._attributes = {}
            if attributes:
                self._dropped_attributes = limits.put_all(self._attributes, attributes)
        self._is_open = True
        self._end_time = None
        self._start_time = time_ns()
        self._mark: int | None = perf_counter_ns()

    def __repr__(self) -> str:
        return f'{type(self).__name__}(name="{self._name}", context={self._context})'

    def get_span_context(self) -> SpanContext:
        """The span's identity."""
        return self._context

    @property
    def resource(self) -> Resource:
        """The resource of the provider that made the span."""
        return self._tracer.resource

    @property
    def instrumentation_scope(self) -> InstrumentationScope:
        """The scope of the tracer that made the span."""
        return self._tracer.instrumentation_scope

    @property
    def instrumentation_info(self) -> InstrumentationInfo:
        """The scope in its deprecated form."""
        return self._tracer.instrumentation_info

    @property
    def _instrumentation_scope(self) -> InstrumentationScope:
        return self._tracer.instrumentation_scope

    @property
    def _resource(self) -> Resource:
        return self._tracer.resource

    @property
    def dropped_attributes(self) -> int:
        """How many attributes the limits cost."""
        return self._dropped_attributes

    @property
    def longest_text(self) -> int | None:
        """How many characters the limits leave of an attribute's text; None: all."""
        return self._tracer.attribute_limits.longest

    def is_recording(self) -> bool:
        """True until the span has ended."""
        return self._end_time is None

    def start_at(self, start_time: int) -> None:
        """Let the span have begun at `start_time`, in Unix nanoseconds, instead of when it was made."""
        self._start_time = start_time
        self._mark = None

    def set_attribute(self, key: str, value: Any) -> None:
        """Set one attribute; a value of a foreign type is cleaned as the SDK cleans it."""
        if self._end_time is not None:
            _logger.warning("Setting attribute on ended span.")
            return
        dropped = self._tracer.attribute_limits.put(self._attributes, key, value)
        if dropped:
            self._dropped_attributes += dropped

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Set several attributes."""
        if self._end_time is not None:
            _logger.warning("Setting attribute on ended span.")
            return
        dropped = self._tracer.attribute_limits.put_all(self._attributes, attributes)
        if dropped:
            self._dropped_attributes += dropped

    def add_event(
        self, name: str, attributes: Mapping[str, Any] | None = None, timestamp: int | None = None
    ) -> None:
        """Add an event; `timestamp` is Unix nanoseconds, now when None."""
        if self._is_over("add_event"):
            return
        tracer = self._tracer
        event = RecordedEvent(name, attributes, timestamp, tracer.event_attribute_limits)
        self._room_for_event().append(event)

    def _room_for_event(self) -> Any:
        """A list, the SDK's own as soon as the limit of events counts."""
        events = self._events
        if type(events) in _PLAIN and len(events) == self._tracer.limits.max_events:
            bounded = cast("BoundedList[Event]", BoundedList(len(events)))
            bounded.extend(events)
            self._events = bounded
        elif type(events) is tuple:
            self._events = []
        return self._events

    def add_link(self, context: SpanContext, attributes: Mapping[str, Any] | None = None) -> None:
        """Link to another span; an invalid context without attributes or trace state is ignored."""
        if not _is_valid_link(context, attributes):
            return
        link = self._bounded_link(context, attributes)
        if self._is_over("add_link"):
            return
        if not isinstance(self._links, BoundedList):
            self._links = BoundedList(self._tracer.limits.max_links)
        self._links.append(link)

    def take_links(self, links: Sequence[Link]) -> None:
        """Set the links that the span starts with."""
        valid = [
            self._bounded_link(link.context, link.attributes)
            for link in links
            if link and _is_valid_link(link.context, link.attributes)
        ]
        bounded = cast("BoundedList[Link]", BoundedList(self._tracer.limits.max_links))
        bounded.extend(valid)
        self._links = bounded

    def _bounded_link(self, context: SpanContext, attributes: Mapping[str, Any] | None) -> Link:
        limits = self._tracer.limits
        bounded = BoundedAttributes(limits.max_link_attributes, attributes, True, limits.max_attribute_length)
        return Link(context=context, attributes=bounded)

    def update_name(self, name: str) -> None:
        """Give the span another name."""
        if not self._is_over("update_name"):
            self._name = name

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Set the status; OK is final and UNSET changes nothing."""
        if self._is_over("set_status"):
            return
        if isinstance(status, Status):
            if description is not None and not self._keeps_status(status.status_code):
                _logger.warning(
                    "Description %s ignored. Use either `Status` or `(StatusCode, Description)`", description
                )
        else:
            status = Status(status, description)
        if not self._keeps_status(status.status_code):
            self._status = status

    def _keeps_status(self, code: StatusCode) -> bool:
        return self._status.status_code is StatusCode.OK or code is StatusCode.UNSET

    def record_exception(
        self,
        exception: BaseException,
        attributes: Mapping[str, Any] | None = None,
        timestamp: int | None = None,
        escaped: bool = False,  # noqa: FBT001, FBT002 - OpenTelemetry's signature
    ) -> None:
        """Add an `exception` event with type, message and traceback."""
        kind = type(exception)
        module = kind.__module__
        name = f"{module}.{kind.__qualname__}" if module and module != "builtins" else kind.__qualname__
        described: dict[str, Any] = {
            "exception.type": name,
            "exception.message": str(exception),
            "exception.stacktrace": "".join(traceback.format_exception(exception)),
            "exception.escaped": str(escaped),
        }
        described.update(attributes or {})
        self.add_event("exception", described, timestamp)

    def end(self, end_time: int | None = None) -> None:
        """End the span at `end_time` (Unix nanoseconds; None: now) and hand it to the processors."""
        try:
            # One step and no lock: of two threads one gets past it, and garbage collected here may be a
            # stream that ends its own span.
            del self._is_open
        except AttributeError:
            _logger.warning("Calling end() on an ended span.")
            return
        if end_time is not None:
            self._end_time = end_time
        elif self._mark is not None:
            # The wall clock may be stepped while the span is open; a duration must not show that.
            self._end_time = self._start_time + perf_counter_ns() - self._mark
        else:
            self._end_time = max(time_ns(), self._start_time)
        processors = self._tracer.processors
        for on_ending in self._tracer.ending_hooks:
            on_ending(self)
        for processor in processors:
            processor.on_end(self)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Record an exception that leaves a `with` statement, then end the span."""
        if exc_val is not None and self.is_recording():
            if self._record_exception:
                self.record_exception(exc_val, escaped=True)
            if self._set_status_on_exception:
                self.set_status(Status(StatusCode.ERROR, f"{type(exc_val).__name__}: {exc_val}"))
        super().__exit__(exc_type, exc_val, exc_tb)

    def handle_exceptions(self, *, record: bool, set_status: bool) -> None:
        """Choose what a `with` statement does with an exception that leaves it."""
        self._record_exception = record
        self._set_status_on_exception = set_status

    def _is_over(self, call: str) -> bool:
        if self._end_time is None:
            return False
        _logger.warning("Tried calling %s on an ended span.", call)
        return True


def _is_valid_link(context: SpanContext | None, attributes: Mapping[str, Any] | None) -> bool:
    return bool(context and (context.is_valid or attributes or context.trace_state))
