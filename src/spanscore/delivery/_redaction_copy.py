"""Copies of finished spans with some of their parts changed."""

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, Status

from spanscore.wire.records import FinishedSpan

Attributes: TypeAlias = Mapping[str, Any]

_NOTHING: Final[Attributes] = {}
_NO_RESOURCE = Resource({})
_NO_SCOPE = InstrumentationScope("")


class Rewriter(Protocol):
    """Says what the texts of a span become; each returns what it was given where nothing changes."""

    def name(self, name: str) -> str:
        """The span's name."""
        ...

    def attributes(self, attributes: Attributes) -> Attributes:
        """The span's attributes."""
        ...

    def event(self, name: str, attributes: Attributes) -> Attributes:
        """The attributes of an event of that name."""
        ...

    def link(self, attributes: Attributes) -> Attributes:
        """The attributes of a link."""
        ...

    def error(self, description: str) -> str:
        """The description of the span's status."""
        ...


def rewritten(span: ReadableSpan, by: Rewriter) -> ReadableSpan:
    """A copy of the span as `by` wants it; the span itself where it wants nothing."""
    given = span.attributes or _NOTHING
    attributes = by.attributes(given)
    name = by.name(span.name)
    events = [_rewritten_event(event, by) for event in span.events]
    links = [_rewritten_link(link, by) for link in span.links]
    status = _rewritten_status(span.status, by)
    before = (given, span.name, *span.events, *span.links, span.status)
    after = (attributes, name, *events, *links, status)
    if all(new is old for new, old in zip(after, before, strict=True)):
        return span
    context = span.get_span_context()
    assert context is not None
    return FinishedSpan(
        name=name,
        context=context,
        parent=span.parent,
        resource=span.resource or _NO_RESOURCE,  # pyright: ignore[reportUnnecessaryComparison] - anybody's
        scope=span.instrumentation_scope or _NO_SCOPE,
        attributes=attributes,
        kind=span.kind,
        events=events,
        links=links,
        status=status,
        start_time=span.start_time,
        end_time=span.end_time,
        dropped=(span.dropped_attributes, span.dropped_events, span.dropped_links),
    )


def _rewritten_event(event: Event, by: Rewriter) -> Event:
    given = event.attributes
    if not given:
        return event
    attributes = by.event(event.name, given)
    if attributes is given:
        return event
    return Event(event.name, _counted(attributes, event.dropped_attributes), event.timestamp)


def _rewritten_link(link: Link, by: Rewriter) -> Link:
    given = link.attributes
    if not given:
        return link
    attributes = by.link(given)
    return link if attributes is given else Link(link.context, _counted(attributes, link.dropped_attributes))


def _rewritten_status(status: Status, by: Rewriter) -> Status:
    given = status.description
    if not given:
        return status
    description = by.error(given)
    return status if description is given else Status(status.status_code, description)


def _counted(attributes: Attributes, dropped: int) -> Attributes:
    """The attributes with what limits have cost before, where events and links keep it."""
    if not dropped:
        return attributes
    counted = BoundedAttributes(attributes=attributes)
    counted.dropped = dropped
    return counted
