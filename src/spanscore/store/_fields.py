"""The attribute table: which attribute fills which row field."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import Event

from spanscore._json import JsonText, from_json, merge_json
from spanscore.store._attributes import UNBOUNDED, Attributes, as_json, nested, nested_object, parsed
from spanscore.store._gen_ai import event_messages, take_messages, take_request, take_type, take_usage
from spanscore.store._origin import take_caller
from spanscore.wire import attributes as keys

Fields = dict[str, JsonText]
"""A row's payload by field."""

_VALUES: Final = {
    "input": (keys.INPUT_JSON, keys.INPUT),
    "output": (keys.OUTPUT_JSON, keys.OUTPUT),
    "expected": (keys.EXPECTED_JSON, keys.EXPECTED),
}
_OBJECTS: Final = {
    "metadata": keys.METADATA,
    "metrics": keys.METRICS,
    "scores": keys.SCORES,
    "span_attributes": keys.SPAN_ATTRIBUTES,
    "origin": keys.ORIGIN,
    "context": keys.CONTEXT_JSON,
    "classifications": keys.CLASSIFICATIONS,
}
_FLAT: Final = ("metadata", "metrics", "scores", "span_attributes")
_WITHOUT_DEPTH: Final = frozenset({"metrics", "scores"})
"""A dot in a flattened key belongs to the name: `braintrust.scores.a.b` is the score "a.b"."""

_SIDES: Final = (("input", "input", "gen_ai.prompt"), ("output", "output", "gen_ai.completion"))

FIELD_OF: Final = {
    **{names[0]: field for field, names in _VALUES.items()},
    **{key: field for field, key in _OBJECTS.items()},
}
"""The fields of attributes that hold JSON text, by key."""


def map_attributes(fields: Fields, rest: Mapping[str, Any], events: Sequence[Event]) -> str | None:
    """Fill the empty fields from attributes and events; the span type that OpenTelemetry's names tell.

    What has no field becomes metadata under its own key. What the program said itself wins over what is
    derived.
    """
    attributes = Attributes(rest)
    _take_values(fields, attributes)
    _take_objects(fields, attributes)
    _take_conversation(fields, attributes, events)
    kind, metadata = take_type(attributes)
    metadata.update(take_request(attributes))
    _lay_under(fields, "metrics", take_usage(attributes))
    _lay_under(fields, "context", take_caller(attributes))
    attributes.take(keys.ORG)
    attributes.take(keys.APP_URL)
    if str(attributes.take(keys.PRESERVE_ATTRIBUTES)).lower() == "true":
        metadata.update({key: _readable(value) for key, value in rest.items()})
    else:
        metadata.update(attributes.left)
    _lay_under(fields, "metadata", metadata)
    return kind


def _take_values(fields: Fields, attributes: Attributes) -> None:
    for field, (json_key, key) in _VALUES.items():
        if field in fields:
            continue
        text = attributes.take_json(json_key)
        if text is None and (value := attributes.take(key)) is not None:
            text = _plain(value)
        if text is None and (flat := attributes.take_below(f"{key}.")):
            text = as_json(nested(flat))
        if text is not None:
            fields[field] = text


def _plain(value: Any) -> JsonText:
    """An attribute that is no JSON: text stays text."""
    return as_json(str(value) if isinstance(value, str) else value)


def _take_objects(fields: Fields, attributes: Attributes) -> None:
    for field, key in _OBJECTS.items():
        if field not in fields and (text := attributes.take_object(key)) is not None:
            fields[field] = text
    for field in _FLAT:
        if flat := attributes.take_below(f"{_OBJECTS[field]}."):
            _lay_under(fields, field, flat if field in _WITHOUT_DEPTH else nested_object(flat))


def _take_conversation(fields: Fields, attributes: Attributes, events: Sequence[Event]) -> None:
    for (field, side, old), messages in zip(_SIDES, event_messages(events), strict=True):
        if field in fields:
            continue
        said = messages or take_messages(attributes, side, old)
        if said is not None:
            fields[field] = as_json(said)


def _lay_under(fields: Fields, field: str, derived: Mapping[str, Any]) -> None:
    """Merge an object into a field, whose own values win."""
    if not derived:
        return
    text = as_json(derived)
    given = fields.get(field)
    fields[field] = text if given is None else merge_json(text, given, max_bytes=UNBOUNDED, redact=False)


def _readable(value: Any) -> Any:
    text = parsed(value)
    return value if text is None else from_json(text)
