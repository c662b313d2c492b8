"""However `request` is called, it is called with the same, but for the stream class and `span_info`."""

import logging
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from echo_provider import PROVIDER, Client, Options, Stream
from span_reading import attribute
from spanscore.integrations._client import record_requests
from spanscore.integrations._exchange import Exchange
from spanscore.testing import RecordedRecords
from spanscore.tracing import guard

pytestmark = pytest.mark.core

BODY = {"text": "hi"}
INFO = {"span_info": {"name": "mine"}}


def exchange(*args: Any, **kwargs: Any) -> Exchange:
    return Exchange(PROVIDER, Client(), args, kwargs)


@pytest.mark.parametrize("by_name", [True, False])
def test_span_info_is_left_out_of_a_copy(by_name: bool) -> None:
    options = Options(json_data={**BODY, **INFO}, extra_json={**INFO, "more": 1})
    prepared = exchange(dict, options=options, more=1) if by_name else exchange(dict, options, "rest", more=1)
    sent = prepared.kwargs["options"] if by_name else prepared.args[1]
    assert sent == Options(json_data=BODY, extra_json={"more": 1})
    assert options == Options(json_data={**BODY, **INFO}, extra_json={**INFO, "more": 1})
    assert prepared.args == ((dict,) if by_name else (dict, sent, "rest"))
    assert prepared.kwargs == {"more": 1, **({"options": sent} if by_name else {})}


def test_options_without_span_info_are_passed_on_themselves() -> None:
    options = Options(json_data=BODY)
    assert exchange(dict, options).args[1] is options


@pytest.mark.parametrize("body", [None, "text", [1], b"bytes"])
def test_a_body_that_is_no_object_says_nothing(body: Any, recorded: RecordedRecords) -> None:
    record_requests(Client(lambda options: {"echo": ""}), PROVIDER, is_async=False).request(
        dict, Options(json_data=body)
    )
    assert [attribute(span, "input_json") for span in recorded.spans] == [None]


def test_the_stream_class_is_a_subclass_of_the_one_given_or_else_of_the_clients(
    recorded: RecordedRecords,
) -> None:
    given = exchange(str, Options(json_data=BODY), stream=True, stream_cls=Stream[str])
    default = exchange(str, Options(json_data=BODY), stream=True)
    whole = exchange(str, Options(json_data=BODY), stream_cls=Stream[str])
    assert issubclass(given.kwargs["stream_cls"].__origin__, Stream)
    assert default.kwargs["stream_cls"] == given.kwargs["stream_cls"]
    assert whole.kwargs["stream_cls"] == Stream[str]


def test_what_counts_as_true_asks_for_a_stream(recorded: RecordedRecords) -> None:
    asked = exchange(str, Options(json_data=BODY), stream=1, stream_cls=Stream[str])
    assert asked.kwargs["stream_cls"] is not Stream[str]


def test_a_request_of_another_shape_is_passed_on(caplog: pytest.LogCaptureFixture) -> None:
    guard.reraise = False
    client = record_requests(Client(), PROVIDER, is_async=False)
    with caplog.at_level(logging.ERROR, "spanscore"), pytest.raises(TypeError, match="required positional"):
        client.request()  # pyright: ignore[reportCallIssue]
    assert "your program is not affected" in caplog.text


def test_an_error_of_ours_leaves_the_answer_and_ends_the_span(recorded: RecordedRecords) -> None:
    guard.reraise = False
    client = record_requests(Client(lambda options: {"no": "echo"}), PROVIDER, is_async=False)
    assert client.request(dict, Options(json_data=BODY)) == {"no": "echo"}
    (span,) = recorded.spans
    assert attribute(span, "input_json") == "hi"
    assert span.status.status_code is StatusCode.UNSET
