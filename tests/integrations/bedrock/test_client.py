"""Calls of the Bedrock Runtime are recorded, each once, by whichever way; everything else is left alone."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import StatusCode

from bedrock_clients import ASKED, MESSAGES, client_of
from fake_bedrock import FakeBedrock, answer, failure, whole
from span_reading import attribute, told
from spanscore import start_span
from spanscore.errors import InstrumentError
from spanscore.integrations.bedrock import patch, wrap
from spanscore.testing import RecordedRecords, recorded_spans


def converse(client: Any) -> Any:
    return client.converse(**ASKED)


def converse_stream(client: Any) -> Any:
    answer = client.converse_stream(**ASKED)
    return {**answer, "stream": list(answer["stream"])}


CALLS: list[Callable[[Any], Any]] = [converse, converse_stream]


@pytest.mark.parametrize("call", CALLS)
def test_the_answer_is_the_bare_clients(
    call: Callable[[Any], Any], server: FakeBedrock, recorded: RecordedRecords
) -> None:
    with client_of(server.url) as bare, client_of(server.url) as client:
        wanted = call(bare)
        assert recorded.spans == []
        assert wrap(client) is client
        assert call(client) == wanted
    assert len(recorded.spans) == 1
    bodies = [received.body for received in server.received]
    assert bodies == [{"messages": MESSAGES}] * 2
    kinds = [{name.lower() for name in received.headers} for received in server.received]
    assert kinds[0] == kinds[1]


def test_the_client_stays_what_it_was(server: FakeBedrock) -> None:
    with client_of(server.url) as client:
        before = type(client)
        assert wrap(wrap(client)) is client
        assert isinstance(client, before)
        assert (type(client).__name__, type(client).__module__) == (before.__name__, before.__module__)
        assert type(client).__mro__[1] is before
        assert client.meta.region_name == "us-east-1"
        assert client.exceptions.ThrottlingException.__name__ == "ThrottlingException"


@pytest.mark.parametrize("call", CALLS)
def test_all_clients_are_recorded_until_that_is_undone(
    call: Callable[[Any], Any], server: FakeBedrock, recorded: RecordedRecords
) -> None:
    original = BaseClient._make_api_call
    with client_of(server.url) as before:
        undo = patch()
        with client_of(server.url) as after:
            call(before)
            call(after)
            call(wrap(after))
            assert len(recorded.spans) == 3
            undo()
            undo()
            assert BaseClient._make_api_call is original
            call(before)
            assert len(recorded.spans) == 3
            call(after)
    assert len(recorded.spans) == 4


def test_who_patches_over_us_keeps_working(
    server: FakeBedrock, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BaseClient, "_make_api_call", BaseClient._make_api_call)  # comes back at the end
    undo = patch()
    ours = BaseClient._make_api_call
    seen: list[str] = []

    def theirs(client: Any, operation_name: str, api_params: Any) -> Any:
        seen.append(operation_name)
        return ours(client, operation_name, api_params)

    monkeypatch.setattr(BaseClient, "_make_api_call", theirs)
    with client_of(server.url) as client:
        converse(client)
        undo()
        assert BaseClient._make_api_call is theirs
        converse(client)
    assert (seen, len(recorded.spans)) == (["Converse", "Converse"], 1)


def test_other_services_and_operations_are_left_alone(server: FakeBedrock, recorded: RecordedRecords) -> None:
    undo = patch()
    try:
        with client_of(server.url, service="bedrock-agent-runtime") as other:
            other.retrieve(knowledgeBaseId="k" * 10, retrievalQuery={"text": "hi"})
        with client_of(server.url) as client:
            assert b"Hello" in client.invoke_model(modelId="m", body="{}")["body"].read()
    finally:
        undo()
    assert (len(server.received), recorded.spans) == (2, [])


@pytest.mark.parametrize("given", [object(), None, "bedrock-runtime"])
def test_what_is_no_client_is_refused(given: Any) -> None:
    with pytest.raises(
        InstrumentError, match=r"no client of the Bedrock Runtime; give one that boto3.client"
    ):
        wrap(given)


def test_a_client_of_another_service_is_refused(server: FakeBedrock) -> None:
    with client_of(server.url, service="bedrock-agent-runtime") as client, pytest.raises(InstrumentError):
        wrap(client)


def test_what_is_wanted_on_the_span_is_not_sent(server: FakeBedrock, recorded: RecordedRecords) -> None:
    info = {"metadata": {"prompt": {"id": "p"}}, "name": "greet", "span_attributes": {"purpose": "scorer"}}
    asked: dict[str, Any] = {**ASKED, "span_info": info}
    with client_of(server.url) as client:
        wrap(client).converse(**asked)
    assert server.received[0].body == {"messages": MESSAGES}
    (span,) = recorded.spans
    assert span.name == "greet"
    assert attribute(span, "metadata")["prompt"] == {"id": "p"}
    assert attribute(span, "span_attributes") == {"type": "llm", "purpose": "scorer"}
    assert asked["span_info"] is info


def test_what_is_wanted_on_the_span_is_not_sent_without_recording_either(server: FakeBedrock) -> None:
    with client_of(server.url) as client:
        wrap(client).converse(**ASKED, span_info={"name": "greet"})
    assert server.received[0].body == {"messages": MESSAGES}


def test_the_span_is_below_the_current_one(server: FakeBedrock, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client, start_span("outer"):
        converse_stream(wrap(client))
    inner, outer = recorded.spans
    assert inner.parent == outer.get_span_context()


def test_an_error_of_the_api_is_raised_and_recorded(server: FakeBedrock, recorded: RecordedRecords) -> None:
    server.reply(failure(429, "ThrottlingException", "slow down"))
    with client_of(server.url) as client, pytest.raises(ClientError) as raised:
        converse(wrap(client))
    assert type(raised.value) is not ClientError
    assert isinstance(raised.value, client.exceptions.ThrottlingException)
    (span,) = recorded.spans
    attributes = span.attributes or {}
    assert (attribute(span, "output_json"), span.status.status_code) == (None, StatusCode.ERROR)
    assert attributes["error.type"] == "botocore.errorfactory.ThrottlingException"
    assert attributes["http.response.status_code"] == 429
    assert attributes["http.response.header.x-request-id"] == ("5f6a",)
    assert attributes["aws.error.code"] == "ThrottlingException"
    assert "slow down" in str(span.status.description)


def test_a_request_that_is_not_sent_is_an_error(server: FakeBedrock, recorded: RecordedRecords) -> None:
    with client_of(server.url) as client, pytest.raises(ParamValidationError, match='"temperatur"'):
        wrap(client).converse(**ASKED, inferenceConfig={"temperatur": 1})
    assert server.received == []
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.ERROR]


def test_a_server_that_is_not_there_is_an_error(recorded: RecordedRecords) -> None:
    with client_of("http://127.0.0.1:1") as client, pytest.raises(EndpointConnectionError):
        converse(wrap(client))
    (span,) = recorded.spans
    assert (span.attributes or {})["error.type"] == "botocore.exceptions.EndpointConnectionError"


def test_a_call_is_one_span_whatever_the_attempts(server: FakeBedrock, recorded: RecordedRecords) -> None:
    server.reply(failure(500, "InternalServerException"))
    with client_of(server.url, attempts=2) as client:
        got = converse(wrap(client))
    assert (got["ResponseMetadata"]["RetryAttempts"], len(server.received)) == (1, 2)
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET]


def test_without_recording_nothing_is_watched(server: FakeBedrock) -> None:
    with client_of(server.url) as client:
        stream = wrap(client).converse_stream(**ASKED)["stream"]
        assert "_spanscore_reading" not in vars(stream)
        stream.close()


def test_what_the_sampler_leaves_out_is_answered_alike(server: FakeBedrock) -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded, client_of(server.url) as client:
        assert converse(wrap(client))["stopReason"] == "end_turn"
        assert len(converse_stream(wrap(client))["stream"]) == 9
    assert recorded.spans == []


def test_a_stubbed_client_answers_as_it_is_told(server: FakeBedrock, recorded: RecordedRecords) -> None:
    """Tests put canned answers in place of botocore's; a stream in them may be of any kind."""
    with client_of(server.url) as client:
        canned: Any = {"stream": iter([{"messageStart": {"role": "assistant"}}])}
        client.meta.events.register(
            "before-call.bedrock-runtime.ConverseStream", lambda **_: (_Http(), canned)
        )
        assert wrap(client).converse_stream(**ASKED) is canned
    assert list(canned["stream"]) == [{"messageStart": {"role": "assistant"}}]
    assert [told(span)["output"] for span in recorded.spans] == [None]


class _Http:
    status_code = 200


def test_threads_have_spans_of_their_own(server: FakeBedrock, recorded: RecordedRecords) -> None:
    texts = [str(number) for number in range(16)]
    with client_of(server.url) as client:
        wrap(client)

        def ask(text: str) -> None:
            messages = [{"role": "user", "content": [{"text": text}]}]
            list(client.converse_stream(modelId="m", messages=messages)["stream"])

        threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    inputs = sorted(attribute(span, "input_json")[0]["content"][0]["text"] for span in recorded.spans)
    assert inputs == sorted(texts)
    outputs = {attribute(span, "output_json")[0]["content"][0]["text"] for span in recorded.spans}
    assert outputs == {"Hello from the fake server"}


def test_a_whole_answer_with_a_newer_field_is_told(server: FakeBedrock, recorded: RecordedRecords) -> None:
    server.reply(whole(answer({"hologram": {"a": 1}}, novelty=[1])))
    with client_of(server.url) as client:
        converse(wrap(client))
    (message,) = attribute(recorded.spans[0], "output_json")
    assert message["content"] == [{"type": "hologram", "SDK_UNKNOWN_MEMBER": {"name": "hologram"}}]
