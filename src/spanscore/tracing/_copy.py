"""What is shipped of a foreign span: a copy with its origin, its credentials taken out."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext

from spanscore._json import CREDENTIALS, REDACTED, holds_credential, to_json
from spanscore.tracing._origin import Origins, with_origin
from spanscore.wire.attributes import CONTEXT_JSON
from spanscore.wire.records import FinishedSpan

_NO_SCOPE = InstrumentationScope("")
_NO_RESOURCE = Resource({})


def shipped_copy(span: ReadableSpan, context: SpanContext, origins: Origins) -> FinishedSpan:
    """A copy of `span` with `braintrust.context_json` added and what its keys call credentials taken out.

    The span itself stays as it is: other processors of its provider read it too.
    """
    scope = span.instrumentation_scope or _NO_SCOPE
    attributes = _clean(span.attributes)
    attributes[CONTEXT_JSON] = with_origin(attributes.get(CONTEXT_JSON), origins.of(scope.name))
    return FinishedSpan(
        name=span.name,
        context=context,
        parent=span.parent,
        resource=span.resource or _NO_RESOURCE,  # pyright: ignore[reportUnnecessaryComparison] - a span of anybody's
        scope=scope,
        attributes=attributes,
        kind=span.kind,
        events=_clean_events(span.events),
        links=span.links,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        dropped=(span.dropped_attributes, span.dropped_events, span.dropped_links),
    )


def _clean(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    given = dict(attributes or {})
    named = {key if type(key) is str else to_json(key): value for key, value in given.items()}
    if not CREDENTIALS.is_on:
        return named
    secret = [key for key, value in named.items() if holds_credential(key, value)]
    if secret:
        named.update(dict.fromkeys(secret, REDACTED))
        CREDENTIALS.add(len(secret))
    return named


def _clean_events(events: Sequence[Event]) -> Sequence[Event]:
    return [_clean_event(event) if event.attributes else event for event in events]


def _clean_event(event: Event) -> Event:
    attributes = _clean(event.attributes)
    return event if attributes == event.attributes else Event(event.name, attributes, event.timestamp)
