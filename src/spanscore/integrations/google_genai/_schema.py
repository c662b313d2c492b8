"""Google's schemas as JSON Schema, whose words they mostly have."""

from collections.abc import Mapping
from typing import Any, Final, cast

_OF_SCHEMAS: Final = frozenset({"properties", "defs", "$defs"})
_LISTS: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_ONE: Final = frozenset({"items", "additionalProperties"})


def json_schema(schema: Any) -> Any:
    """A schema in Google's form, in camel case, as JSON Schema; what is none stays as it is.

    >>> json_schema({"type": "OBJECT", "properties": {"n": {"type": "INTEGER", "nullable": True}}})
    {'type': 'object', 'properties': {'n': {'type': ['integer', 'null']}}}
    """
    if not isinstance(schema, Mapping):
        return schema
    given = cast("Mapping[str, Any]", schema)
    told = {name: _converted(name, value) for name, value in given.items() if name != "nullable"}
    if told.get("type") == "type_unspecified":
        del told["type"]
    if given.get("nullable") is True:
        _allow_null(told)
    return told


def _converted(name: str, value: Any) -> Any:
    if name == "type":
        return value.lower() if isinstance(value, str) else value
    if name in _ONE:
        return json_schema(value)
    if name in _LISTS and isinstance(value, list):
        return [json_schema(item) for item in cast("list[Any]", value)]
    if name in _OF_SCHEMAS and isinstance(value, Mapping):
        return {key: json_schema(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return value


def _allow_null(told: dict[str, Any]) -> None:
    if isinstance(told.get("type"), str):
        told["type"] = [told["type"], "null"]
    elif isinstance(told.get("anyOf"), list):
        told["anyOf"] = [*told["anyOf"], {"type": "null"}]
