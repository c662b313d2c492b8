"""Where a span comes from: the row's `context`."""

from functools import lru_cache
from typing import Any, Final, cast

from spanscore._json import JsonText, from_json, merge_json
from spanscore.store._attributes import UNBOUNDED, Attributes, as_json

_CALLER: Final = (
    ("caller_functionname", "code.function.name", "code.function"),
    ("caller_filename", "code.file.path", "code.filepath"),
    ("caller_lineno", "code.line.number", "code.lineno"),
)


def take_caller(attributes: Attributes) -> dict[str, Any]:
    """The caller's function, file and line, from OpenTelemetry's code attributes."""
    caller = {name: attributes.take(*keys) for name, *keys in _CALLER}
    return {name: value for name, value in caller.items() if value is not None}


@lru_cache(maxsize=512)
def is_complete(context: JsonText | None) -> bool:
    """Whether the context says all that could be derived."""
    origin = _origin(context)
    return "name" in origin and "instrumentation" in origin


@lru_cache(maxsize=512)
def with_origin(context: JsonText | None, sdk_version: str | None, scope: str | None) -> JsonText:
    """The context with its span origin, which is OpenTelemetry's unless the context names one itself."""
    origin: dict[str, Any] = {"instrumentation": {"name": scope}} if scope else {}
    if "name" not in _origin(context):
        origin["name"] = "opentelemetry"
        if sdk_version:
            origin["version"] = sdk_version
    derived = as_json({"span_origin": origin})
    return derived if context is None else merge_json(derived, context, max_bytes=UNBOUNDED)


def _origin(context: JsonText | None) -> dict[str, Any]:
    given: dict[str, Any] = {} if context is None else from_json(context)
    origin = given.get("span_origin")
    return cast("dict[str, Any]", origin) if isinstance(origin, dict) else {}
