"""Where a span comes from, as `braintrust.context_json` says it."""

from functools import lru_cache

from spanscore import __version__
from spanscore._json import JsonText, to_json


@lru_cache(maxsize=64)
def origin_json(scope: str, environment_type: str | None, environment_name: str | None) -> JsonText:
    """The span origin of a tracer scope: {"span_origin": {name, version, instrumentation, environment?}}."""
    origin: dict[str, object] = {
        "name": "spanscore",
        "version": __version__,
        "instrumentation": {"name": scope},
    }
    environment = {"type": environment_type, "name": environment_name}
    environment = {key: value for key, value in environment.items() if value is not None}
    if environment:
        origin["environment"] = environment
    return to_json({"span_origin": origin})
