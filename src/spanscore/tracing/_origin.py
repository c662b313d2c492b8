"""Where a span comes from, as `braintrust.context_json` says it."""

from typing import Any

from spanscore import __version__
from spanscore._config import Settings
from spanscore._json import JsonText, from_json, merge_json, to_json

_MOST_SCOPES = 1024


class Origins:
    """The span origins of this process, one for each tracer scope, written once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._texts: dict[str, JsonText] = {}

    def of(self, scope: str) -> JsonText:
        """The value of `braintrust.context_json` for spans of a tracer scope."""
        text = self._texts.get(scope)
        if text is None:
            if len(self._texts) >= _MOST_SCOPES:
                self._texts.clear()
            text = self._texts[scope] = origin_json(scope, self._settings)
        return text


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


def with_origin(known: object, origin: JsonText) -> object:
    """What a span says of its context already, completed by `origin`; what it says stays as it is."""
    if known is None:
        return origin
    try:
        said = from_json(known) if isinstance(known, str) else None
    except ValueError:
        return known
    return merge_json(origin, to_json(said)) if isinstance(said, dict) else known
