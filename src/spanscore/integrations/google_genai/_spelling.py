"""Google's JSON in one spelling: the client sends some names in camel case and others in snake case."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

from spanscore.integrations._plain import fields_of


def camelised(value: Any) -> Any:
    """A copy with all names in camel case, as in the API's documentation, but those the user has chosen.

    Inline data, which the client sends in the base64 of URLs, is in the usual one.
    """
    if isinstance(value, list):
        return [camelised(item) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    told: dict[Any, Any] = {}
    for key, item in cast("Mapping[Any, Any]", value).items():
        name = _camel(key) if isinstance(key, str) and "_" in key else key
        convert = _CONVERSIONS.get(name, camelised)
        told[name] = convert(item)
    return told


def standard_base64(data: Any) -> Any:
    """Base64 of either alphabet in the usual one; what is no text stays as it is."""
    if isinstance(data, str) and ("-" in data or "_" in data):
        return data.replace("-", "+").replace("_", "/")
    return data


@lru_cache(maxsize=1024)
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _as_given(value: Any) -> Any:
    return value


def _below_own_names(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: camelised(item) for name, item in cast("Mapping[Any, Any]", value).items()}


def _blob(value: Any) -> Any:
    blob: Any = camelised(value)
    return {**blob, "data": standard_base64(blob["data"])} if "data" in fields_of(blob) else blob


_CONVERSIONS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    "args": _as_given,
    "response": _as_given,
    "partMetadata": _as_given,
    "parametersJsonSchema": _as_given,
    "responseJsonSchema": _as_given,
    "labels": _as_given,
    "headers": _as_given,
    "default": _as_given,
    "example": _as_given,
    "properties": _below_own_names,
    "defs": _below_own_names,
    "inlineData": _blob,
}
