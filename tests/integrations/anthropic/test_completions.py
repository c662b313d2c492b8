"""A completion of a prompt, which older clients have a method for; any client can post it."""

from typing import Any

import pytest

from anthropic_forms import client_of
from fake_anthropic import FakeAnthropic, streamed, whole
from span_reading import told
from spanscore.integrations._endpoint import Description
from spanscore.integrations.anthropic._completions import COMPLETIONS, CompletionAccumulator
from spanscore.testing import RecordedRecords

PROMPT = "\n\nHuman: hi\n\nAssistant:"
BODY: dict[str, Any] = {
    "model": "claude-2",
    "prompt": PROMPT,
    "max_tokens_to_sample": 9,
    "stop_sequences": ["END"],
    "top_k": 3,
}
ANSWER = {
    "type": "completion",
    "id": "compl_1",
    "completion": " Hello",
    "stop_reason": "stop_sequence",
    "stop": "END",
    "model": "claude-2.1",
    "log_id": "compl_1",
}
PARTS = [
    {**ANSWER, "completion": " Hel", "stop_reason": None, "stop": None},
    {**ANSWER, "completion": "lo", "stop_reason": None, "stop": None},
    {**ANSWER, "completion": ""},
]
TOLD: dict[str, Any] = {
    "input": PROMPT,
    "output": {"completion": " Hello", "stop_reason": "stop_sequence", "stop": "END"},
    "metadata": {"provider": "anthropic", "model": "claude-2.1", "max_tokens": 9, "stop": ["END"]},
    "metrics": None,
}


def test_a_whole_completion(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    with client_of(server.url) as client:
        answer: Any = client.post("/v1/complete", cast_to=object, body=BODY)
    assert answer == ANSWER
    (span,) = recorded.spans
    assert (span.name, told(span)) == ("anthropic.completions.create", TOLD)
    attributes = span.attributes or {}
    assert attributes["gen_ai.operation.name"] == "text_completion"
    assert attributes["gen_ai.response.finish_reasons"] == ("stop_sequence",)


def test_a_streamed_completion(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(streamed(PARTS))
    with client_of(server.url) as client:
        stream: Any = client.post("/v1/complete", cast_to=object, body={**BODY, "stream": True}, stream=True)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]
        assert list(stream) == PARTS
    (span,) = recorded.spans
    assert span.name == "anthropic.completions.stream"
    assert told(span) == {**TOLD, "metrics": {"time_to_first_token": True}}


def test_the_clients_own_method(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    with client_of(server.url) as client:
        completions: Any = getattr(client, "completions", None)
        if completions is None:
            pytest.skip("this version has none")
        assert completions.create(**BODY).completion == " Hello"
    assert [told(span) for span in recorded.spans] == [TOLD]


@pytest.mark.parametrize("answer", [None, 5, "x", [], {}, {"completion": None, "model": 5}])
def test_a_response_that_says_nothing(answer: Any) -> None:
    told = COMPLETIONS.response(answer)
    assert (told.output, told.metadata, told.attributes) == (None, {}, {})


def test_a_response_of_other_types() -> None:
    assert COMPLETIONS.response({"completion": ["x"]}) == Description(output={"completion": ["x"]})


def test_events_of_other_shapes_do_no_harm() -> None:
    accumulator = CompletionAccumulator()
    for event in (None, 5, {"completion": 5, "model": "m"}, {"type": "ping"}):
        accumulator.add(event)
    assert accumulator.response() == {"completion": 5, "model": "m", "type": "ping"}
