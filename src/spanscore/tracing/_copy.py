"""What is shipped of a foreign span: a copy with its origin, its credentials taken out."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext

from spanscore._json import CREDENTIALS, REDACTED, JsonText, holds_credential, to_json
from spanscore.tracing._origin import Origins, with_origin
from spanscore.wire.attributes import CONTEXT_JSON
from spanscore.wire.records import FinishedSpan

_NO_SCOPE = InstrumentationScope("")
_NO_RESOURCE = Resource({})
_DEEPEST = 32


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
    given: dict[Any, Any] = dict(attributes or {})
    named = {
        key if type(key) is str else _plain_text(key): value if _is_plain(value) else _plain_text(value)
        for key, value in given.items()
    }
    if not CREDENTIALS.is_on:
        return named
    secret = [key for key, value in named.items() if holds_credential(key, value)]
    if secret:
        named.update(dict.fromkeys(secret, REDACTED))
        CREDENTIALS.add(len(secret))
    return named


def _is_plain(value: Any, depth: int = 0) -> bool:
    """True for what OpenTelemetry's attributes consist of; another class of spans may hold anything."""
    # Compared with `is`: a class may have a metaclass with `__eq__` and `__hash__` of the program's.
    kind = cast("type[Any]", type(value))
    if kind is str or kind is int or kind is JsonText or kind is float or kind is bool:
        return True
    if value is None or kind is bytes:
        return True
    if depth == _DEEPEST or not (kind is tuple or kind is list or kind is dict):
        return False
    if kind is dict and not all(type(key) is str for key in value):
        return False
    return all(_is_plain(item, depth + 1) for item in (value.values() if kind is dict else value))


def _plain_text(value: Any) -> str:
    try:
        return str.__str__(value)
    except TypeError:
        return to_json(value)


def _clean_events(events: Sequence[Event]) -> Sequence[Event]:
    return [_clean_event(event) if event.attributes else event for event in events]


def _clean_event(event: Event) -> Event:
    given = event.attributes or {}
    cleaned = _clean(given)
    is_clean = all(given.get(key, cleaned) is value for key, value in cleaned.items())
    return event if is_clean else Event(event.name, cleaned, event.timestamp)
