"""What went wrong in a span, as one text."""

from collections.abc import Sequence
from typing import Any, Final

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Status, StatusCode

_NOTHING: Final[dict[str, Any]] = {}


def error_text(events: Sequence[Event], status: Status, error_type: Any) -> str | None:
    """Type, message and stack trace of the last exception, else what the status says; None if all went well.

    The status OK, which is set on purpose, says that an exception was dealt with.
    """
    if status.status_code is StatusCode.OK:
        return None
    for event in reversed(events):
        if event.name == "exception":
            return _exception_text(event)
    if status.status_code is StatusCode.ERROR:
        return status.description or (str(error_type) if error_type else "error")
    return None


def _exception_text(event: Event) -> str:
    attributes = event.attributes or _NOTHING
    kind = attributes.get("exception.type")
    message = attributes.get("exception.message")
    trace = attributes.get("exception.stacktrace")
    head = ": ".join(str(part) for part in (kind, message) if part) or "exception"
    return f"{head}\n\n{trace}" if trace else head
