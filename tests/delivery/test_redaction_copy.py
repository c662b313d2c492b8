from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Link, SpanContext, Status, StatusCode

from finished_spans import finished
from spanscore.delivery._redaction_copy import Attributes, rewritten
from spanscore.wire.records import FinishedSpan


class Shout:
    """Makes all texts louder; with `is_idle` nothing."""

    def __init__(self, *, is_idle: bool = False) -> None:
        self.is_idle = is_idle

    def name(self, name: str) -> str:
        return name if self.is_idle else name.upper()

    def error(self, description: str) -> str:
        return self.name(description)

    def attributes(self, attributes: Attributes) -> Attributes:
        return attributes if self.is_idle else {key: str(value).upper() for key, value in attributes.items()}

    def link(self, attributes: Attributes) -> Attributes:
        return self.attributes(attributes)

    def event(self, name: str, attributes: Attributes) -> Attributes:
        return attributes if self.is_idle else {**self.attributes(attributes), "of": name}


def bounded(**attributes: str) -> BoundedAttributes:
    return BoundedAttributes(maxlen=1, attributes=attributes)


def span() -> ReadableSpan:
    made = finished(
        {"a": "b"},
        above=3,
        events=[Event("bare"), Event("e", bounded(x="1", y="2"), 7)],
        status=Status(StatusCode.ERROR, "no"),
        parent=None,
    )
    links = [
        Link(SpanContext(4, 5, is_remote=True)),
        Link(SpanContext(4, 6, is_remote=True), bounded(p="q", r="s")),
    ]
    context = made.get_span_context()
    assert context is not None
    assert made.instrumentation_scope is not None
    return FinishedSpan(
        name=made.name,
        context=context,
        parent=made.parent,
        resource=made.resource,
        scope=made.instrumentation_scope,
        attributes=made.attributes or {},
        kind=made.kind,
        events=made.events,
        links=links,
        status=made.status,
        start_time=made.start_time,
        end_time=made.end_time,
        dropped=(1, 2, 3),
    )


def test_a_span_of_which_nothing_changes_is_itself() -> None:
    given = span()
    assert rewritten(given, Shout(is_idle=True)) is given


def test_only_the_texts_change() -> None:
    given = span()
    new = rewritten(given, Shout())
    assert isinstance(new, FinishedSpan)
    assert (new.name, new.attributes, new.status.description) == ("SPAN", {"a": "B"}, "NO")
    assert [
        (e.name, e.timestamp, dict(e.attributes or {}), e.dropped_attributes) for e in new.events[1:]
    ] == [("e", 7, {"y": "2", "of": "e"}, 1)]
    assert [(link.context, dict(link.attributes or {}), link.dropped_attributes) for link in new.links] == [
        (given.links[0].context, {}, 0),
        (given.links[1].context, {"r": "S"}, 1),
    ]
    assert new.events[0] is given.events[0]
    for same in ("context", "parent", "resource", "instrumentation_scope", "kind", "start_time", "end_time"):
        assert getattr(new, same) is getattr(given, same)
    assert (new.dropped_attributes, new.dropped_events, new.dropped_links) == (1, 2, 3)
    assert new.status.status_code is StatusCode.ERROR
