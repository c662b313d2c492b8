"""Where a span comes from: the row's `context`."""

from functools import lru_cache
from typing import Any, Final, cast

from spanscore._json import JsonText, from_json, merge_json
from spanscore.store._attributes import UNBOUNDED, Attributes, as_json

_CACHED_TEXT: Final = 2_000
_CALLER: Final = (
    ("caller_functionname", "code.function.name", "code.function"),
    ("caller_filename", "code.file.path", "code.filepath"),
    ("caller_lineno", "code.line.number", "code.lineno"),
)


def take_caller(attributes: Attributes) -> dict[str, Any]:
    """The caller's function, file and line, from OpenTelemetry's code attributes."""
    caller = {name: attributes.take(*keys) for name, *keys in _CALLER}
    return {name: value for name, value in caller.items() if value is not None}


def is_complete(context: JsonText | None) -> bool:
    """Whether the context says all that could be derived."""
    if context is None:
        return False
    return _is_complete(context) if len(context) < _CACHED_TEXT else _is_complete.__wrapped__(context)


@lru_cache(maxsize=256)
def _is_complete(context: JsonText) -> bool:
    origin = _origin(context)
    return "name" in origin and "instrumentation" in origin


def with_origin(context: JsonText | None, sdk_version: str | None, scope: str | None) -> JsonText:
    """The context with its span origin, which is OpenTelemetry's unless the context names one itself."""
    if context is None:
        return _derived(sdk_version, scope, is_named=False)
    derived = _derived(sdk_version, scope, is_named="name" in _origin(context))
    return merge_json(derived, context, max_bytes=UNBOUNDED, redact=False)


@lru_cache(maxsize=256)
def _derived(sdk_version: str | None, scope: str | None, *, is_named: bool) -> JsonText:
    origin: dict[str, Any] = {}
    if not is_named:
        origin["name"] = "opentelemetry"
        if sdk_version:
            origin["version"] = sdk_version
    if scope:
        origin["instrumentation"] = {"name": scope}
    return as_json({"span_origin": origin})


def _origin(context: JsonText) -> dict[str, Any]:
    origin = from_json(context).get("span_origin")
    return cast("dict[str, Any]", origin) if isinstance(origin, dict) else {}
