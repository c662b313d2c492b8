"""Updates laid over a row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from spanscore._json import JsonText, from_json, merge_json
from spanscore.store._attributes import UNBOUNDED, as_json, parsed, parsed_object
from spanscore.store._label import label
from spanscore.wire.rows import FIELDS, LIST_FIELDS, OBJECT_FIELDS, Row

_NULL: Final = "null"


def valid_fields(fields: Mapping[str, str]) -> dict[str, JsonText]:
    """The fields that a row has, where their text is valid for them; null clears a field."""
    valid: dict[str, JsonText] = {}
    for name, text in fields.items():
        if name in FIELDS:
            value = _valid(name, text)
            if value is not None:
                valid[name] = value
    return valid


def _valid(name: str, text: str) -> JsonText | None:
    value = parsed(text)
    if value is None or value.strip() == _NULL:
        return None if value is None else JsonText(_NULL)
    if name in OBJECT_FIELDS:
        return parsed_object(value)
    if name in LIST_FIELDS:
        return value if value.lstrip().startswith("[") else None
    return value


def updated(row: Row, update: Mapping[str, JsonText]) -> Row:
    """The row with an update laid over it: objects merge deeply, lists unite, everything else replaces."""
    fields = dict(row.fields)
    for name, text in update.items():
        given = fields.get(name)
        if text == _NULL:
            fields.pop(name, None)
        elif name in LIST_FIELDS and given is not None:
            fields[name] = _united(given, text)
        elif name in OBJECT_FIELDS and given is not None:
            fields[name] = merge_json(given, text, max_bytes=UNBOUNDED, redact=False)
        else:
            fields[name] = text
    told = label(update.get("span_attributes"))
    return replace(row, fields=fields, name=told.name or row.name, type=told.type or row.type)


def _united(first: JsonText, second: JsonText) -> JsonText:
    known = from_json(first)
    return as_json([*known, *(each for each in from_json(second) if each not in known)])
