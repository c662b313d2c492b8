"""What went wrong in a span, by its events and status."""

from typing import Any

import pytest
from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Status, StatusCode

from finished_spans import failed, finished
from spanscore.store import ingest

pytestmark = pytest.mark.core

EXCEPTION = Event(
    "exception",
    {"exception.type": "ValueError", "exception.message": "no", "exception.stacktrace": "Traceback…"},
)


@pytest.mark.parametrize(
    ("events", "status", "attributes", "error"),
    [
        ([], Status(StatusCode.UNSET), {}, None),
        ([], failed("boom"), {}, "boom"),
        ([], Status(StatusCode.ERROR), {}, "error"),
        ([], Status(StatusCode.ERROR), {"error.type": "Timeout"}, "Timeout"),
        ([EXCEPTION], failed("boom"), {}, "ValueError: no\n\nTraceback…"),
        ([EXCEPTION, Event("exception", {"exception.message": "later"})], failed(), {}, "later"),
        ([EXCEPTION], Status(StatusCode.UNSET), {}, "ValueError: no\n\nTraceback…"),
        ([EXCEPTION], Status(StatusCode.OK), {}, None),
        ([Event("exception", {})], failed(), {}, "exception"),
    ],
)
def test_error(events: list[Event], status: Status, attributes: dict[str, Any], error: str | None) -> None:
    assert ingest(finished(attributes, events=events, status=status)).error == error
