"""What a chat completion says, read off plain JSON and off the client's own objects."""

from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from fake_openai import FakeOpenAI, chunk, completion, streamed, whole
from openai_forms import ASKED, client_of
from span_reading import attribute
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS as CHAT
from spanscore.testing import RecordedRecords

ANSWER = completion("a", "b")
TOLD = Description(
    output=ANSWER["choices"],
    metadata={"model": "gpt-4o-mini-2024-07-18"},
    more={"id": "chatcmpl-1", "object": "chat.completion", "created": 1},
    metrics={"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
    attributes={
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.response.finish_reasons": ["stop", "stop"],
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
    },
)


@pytest.mark.parametrize("answer", [ANSWER, ChatCompletion.construct(**ANSWER)], ids=["plain", "model"])
def test_response(answer: Any) -> None:
    assert CHAT.response(answer) == TOLD


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"choices": None, "usage": None, "model": ""}])
def test_a_response_that_says_nothing(answer: Any) -> None:
    assert CHAT.response(answer) == Description()


def test_request() -> None:
    messages = [{"role": "user", "content": "hi"}]
    assert CHAT.request(Request(body={"model": "m", "messages": messages, "seed": 1})) == Description(
        input=messages,
        metadata={"model": "m"},
        more={"seed": 1},
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"},
    )


def test_a_request_that_says_nothing() -> None:
    assert CHAT.request(Request(body={})) == Description(attributes={"gen_ai.operation.name": "chat"})


TOKEN = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}
FUNCTION_CALL = {"name": "weather", "arguments": '{"city": "Rome"}'}
CITATION = {
    "type": "url_citation",
    "url_citation": {"start_index": 0, "end_index": 1, "title": "t", "url": "u"},
}
DETAIL = {"type": "reasoning.text", "text": "so it is", "index": 0}
AUDIO = {"id": "audio_1", "data": "AQIDBA==", "transcript": "Hello", "expires_at": 5}
SAID: dict[str, tuple[Any, list[Any]]] = {
    "a refusal": ({"content": None, "refusal": "I won't"}, [{"refusal": "I "}, {"refusal": "won't"}]),
    "annotations": (
        {"content": "a", "annotations": [CITATION]},
        [{"content": "a"}, {"annotations": [CITATION]}],
    ),
    "sound": (
        {"content": None, "audio": AUDIO},
        [
            {"audio": {"id": "audio_1", "transcript": "Hel"}},
            {"audio": {"transcript": "lo"}},
            {"audio": {"data": "AQI="}},
            {"audio": {"data": "AwQ="}},
            {"audio": {"expires_at": 5}},
        ],
    ),
    "a function call from before tools": (
        {"content": None, "function_call": FUNCTION_CALL},
        [
            {"function_call": {"name": "weather", "arguments": ""}},
            {"function_call": {"arguments": '{"city": '}},
            {"function_call": {"arguments": '"Rome"}'}},
        ],
    ),
    "reasoning of DeepSeek, vLLM and others": (
        {"content": "a", "reasoning_content": "so it is"},
        [{"reasoning_content": "so "}, {"reasoning_content": "it is"}, {"content": "a"}],
    ),
    "reasoning of OpenRouter": (
        {"content": "a", "reasoning": "so it is", "reasoning_details": [DETAIL]},
        [
            {"reasoning": "so ", "reasoning_details": [{**DETAIL, "text": "so "}]},
            {"reasoning": "it is", "reasoning_details": [{**DETAIL, "text": "it is"}]},
            {"content": "a"},
        ],
    ),
}


@pytest.mark.parametrize(("said", "deltas"), SAID.values(), ids=SAID.keys())
def test_what_a_message_says_besides_text_is_told_whole_and_streamed_alike(
    said: Any, deltas: list[Any], server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    message = {"role": "assistant", **said}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    chunks = [
        chunk({"role": "assistant"}),
        *(chunk(delta) for delta in deltas),
        chunk({}, finish_reason="stop"),
    ]
    server.reply(whole(completion(choices=[choice])), streamed(chunks))
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED)
        list(client.chat.completions.create(**ASKED, stream=True))
    assert [attribute(span, "output_json") for span in recorded.spans] == [[choice], [choice]]


def test_log_probabilities_and_choices_are_told_whole_and_streamed_alike(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": "aa"},
            "logprobs": {"content": [TOKEN, TOKEN], "refusal": None},
            "finish_reason": reason,
        }
        for index, reason in enumerate(("stop", "length"))
    ]
    parts = [chunk({"content": "a"}, index=index) for index in (0, 1, 1, 0)]
    for part in parts:
        part["choices"][0]["logprobs"] = {"content": [TOKEN], "refusal": None}
    ends = [chunk({}, index=0, finish_reason="stop"), chunk({}, index=1, finish_reason="length")]
    server.reply(whole(completion(choices=choices)), streamed([*parts, *ends]))
    with client_of(server.url) as client:
        client.chat.completions.create(**ASKED, n=2, logprobs=True)
        list(client.chat.completions.create(**ASKED, n=2, logprobs=True, stream=True))
    assert [attribute(span, "output_json") for span in recorded.spans] == [choices, choices]


def test_stored_completions_are_no_calls_of_a_model(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    listed = {"object": "list", "data": [], "has_more": False}
    server.reply(whole(ANSWER), whole(listed), whole(ANSWER), whole({}), whole(listed))
    with client_of(server.url) as client:
        client.get("/chat/completions/chatcmpl-1", cast_to=object)
        client.get("/chat/completions", cast_to=object)
        client.post("/chat/completions/chatcmpl-1", cast_to=object, body={"metadata": {"a": "b"}})
        client.delete("/chat/completions/chatcmpl-1", cast_to=object)
        client.get("/chat/completions/chatcmpl-1/messages", cast_to=object)
    assert [received.method for received in server.received] == ["GET", "GET", "POST", "DELETE", "GET"]
    assert recorded.spans == []
