"""What a log record says: its text with values put in, and the values."""

from collections.abc import Mapping
from typing import Any, Final, Literal

Level = Literal["trace", "debug", "info", "warn", "error", "fatal"]
LEVELS: Final[tuple[Level, ...]] = ("trace", "debug", "info", "warn", "error", "fatal")

TEMPLATE: Final = "braintrust.template"
PARAMETER: Final = "braintrust.template.parameter."


class _Known(dict[str, Any]):
    """Values by name; what is not there stays in its braces."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def record_of(
    body: Any, metadata: Mapping[str, Any] | None, parameters: Mapping[str, Any]
) -> tuple[Any, Mapping[str, Any] | None]:
    """The text and the metadata of a record; a body that is no text, or that cannot be filled, stays."""
    if not parameters or not isinstance(body, str):
        return body, {**(metadata or {}), **_named(parameters)} if parameters else metadata
    try:
        text = body.format_map(_Known(parameters))
    except Exception:  # noqa: BLE001 - values format themselves, and a record is not to disturb who writes it
        text = body
    return text, {**(metadata or {}), **_named(parameters), TEMPLATE: body}


def _named(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PARAMETER}{name}": value for name, value in parameters.items()}
