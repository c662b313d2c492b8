"""Where a span comes from, as `braintrust.context_json` says it."""

from typing import Any

from spanscore import __version__
from spanscore._config import Settings
from spanscore._json import JsonText, to_json


def origin_json(scope: str, settings: Settings | None) -> JsonText:
    """The span origin of a tracer scope: {"span_origin": {name, version, instrumentation, environment?}}."""
    origin: dict[str, Any] = {
        "name": "spanscore",
        "version": __version__,
        "instrumentation": {"name": scope},
    }
    if settings is not None:
        named = {"type": settings.environment_type, "name": settings.environment_name}
        environment = {key: value for key, value in named.items() if value is not None}
        if environment:
            origin["environment"] = environment
    return to_json({"span_origin": origin})
