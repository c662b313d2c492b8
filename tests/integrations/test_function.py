"""A call of a function: recorded once, whatever it calls itself, and never changed."""

import pytest
from opentelemetry.trace import StatusCode

from echo_provider import ECHO, PROVIDER
from span_reading import told
from spanscore.integrations._endpoint import Request
from spanscore.integrations._function import begin, settle
from spanscore.testing import RecordedRecords
from spanscore.tracing import guard

pytestmark = pytest.mark.core


def echo(text: str, inner: str | None = None) -> dict[str, str]:
    call = begin(PROVIDER, ECHO, None, Request(body={"text": text}))
    if call is None:
        return {"echo": text}
    with call:
        if text == "!":
            raise ConnectionError(text)
        if inner is not None:
            echo(inner)
        answer = {"echo": text}
    return settle(call, answer)


def test_a_call_inside_another_is_part_of_it(recorded: RecordedRecords) -> None:
    assert echo("hi", inner="there") == {"echo": "hi"}
    assert echo("ho") == {"echo": "ho"}
    assert [told(span)["input"] for span in recorded.spans] == ["hi", "ho"]


def test_what_is_raised_is_recorded(recorded: RecordedRecords) -> None:
    with pytest.raises(ConnectionError):
        echo("!")
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.ERROR]


def test_without_recording_there_is_no_call() -> None:
    assert begin(PROVIDER, ECHO, None, Request(body={})) is None


def test_a_request_that_cannot_be_described_is_recorded_without(recorded: RecordedRecords) -> None:
    guard.reraise = False
    call = begin(PROVIDER, ECHO, None, Request(body=None))  # pyright: ignore[reportArgumentType]
    assert call is not None
    with call:
        pass
    settle(call, {"echo": "ho"})
    assert [told(span)["output"] for span in recorded.spans] == ["ho"]
