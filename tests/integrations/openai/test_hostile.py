"""Answers that no API should give: the caller sees what the bare client gives, and the span is ended."""

import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import openai.types
import pytest
from hypothesis import given, settings
from openai import OpenAI
from openai._models import construct_type
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from fake_openai import FakeOpenAI, Reply, chunk, completion, streamed, text_chunks, whole
from fake_responses import ITEMS, message, named, response, response_events
from hostile import HOSTILE, LARGE
from mutations import mutated
from openai_forms import RESPONDED, RESPONSE_STREAMED, STREAMED, WHOLE
from span_reading import attribute
from spanscore import wrap_openai
from spanscore._json import to_json
from spanscore.integrations._endpoint import Endpoint, Request
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS
from spanscore.integrations.openai._responses import RESPONSES as RESPONSE_ENDPOINTS
from spanscore.testing import RecordedRecords, recorded_spans

Form = Callable[[str], Awaitable[Any]]

# The client's types take their time to be prepared, the first time each.
unhurried = settings(deadline=None)
needs_responses = pytest.mark.skipif(not RESPONDED, reason="openai is too old")

MESSAGE: dict[str, Any] = {"role": "assistant", "content": "a", "tool_calls": 5, "parsed": 1, "audio": "x"}
ANSWERS: dict[str, Any] = {
    "no choices": {"id": "x", "model": "m"},
    "choices null": completion(choices=None, usage=None),
    "choices a string": completion(choices="none"),
    "choices empty": completion(),
    "choices of other types": completion(choices=[None, 5, "x", {}, {"message": None}, {"message": "x"}]),
    "message of other types": completion(choices=[{"index": "0", "message": MESSAGE, "finish_reason": 7}]),
    "tool calls of other types": completion(
        choices=[{"message": {"tool_calls": [None, 5, {"function": None}, {"function": "f"}, {"id": 1}]}}]
    ),
    "usage of other types": completion("a", usage=[1], id=5, model={"a": 1}),
    "usage details of other types": completion("a", usage={"prompt_tokens": "1", "prompt_tokens_details": 3}),
    "a list": [1, 2],
    "a string": "hello",
    "a number": 5,
    "null": None,
    "unknown fields": completion("a", surprise={"deep": [1, {"x": None}]}),
    "separators in text": completion("line\u2028paragraph\u2029\x85end"),
}
CHUNKS: dict[str, list[Any]] = {
    "no chunk": [],
    "no choices": [{"id": "x"}],
    "choices null": [{"choices": None, "usage": None}],
    "choices of other types": [{"choices": [None, 5, {"index": None, "delta": None}]}, {"choices": "x"}],
    "deltas of other types": [chunk({"content": 5, "tool_calls": [None, 5, {"index": "a", "function": 3}]})],
    "usage of other types": [chunk({"content": "a"}, usage="much", model=5, id=[])],
    "no objects": [1, "x", None, [1]],
    "separators in text": [chunk({"content": "line\u2028paragraph\u2029\x85end"})],
}
NO_JSON: dict[str, Reply] = {
    "no JSON": Reply(body="<html>", content_type="text/html"),
    "broken JSON": Reply(body='{"choices": [', content_type="application/json"),
    "empty": Reply(body="", content_type="application/json"),
    "no events": Reply(body="data: {\n\nnot an event\n\n", content_type="text/event-stream"),
}
ITEM: dict[str, Any] = {"type": "message", "content": 5, "status": [], "id": {}}
RESPONSES: dict[str, Any] = {
    "no output": {"id": "resp_1", "status": "completed"},
    "output null": response(output=None, usage=None),
    "output a string": response(output="none"),
    "output empty": response(),
    "items of other types": response(output=[None, 5, "x", {}, ITEM, {**ITEM, "content": [None, 5, {}]}]),
    "usage of other types": response(message("a"), usage=[1], id=5, model={"a": 1}, status={}),
    "usage details of other types": response(message("a"), usage={"input_tokens": "1", "output_tokens": -3}),
    "error of another type": response(message("a"), status="failed", error="no"),
    "details of another type": response(message("a"), status="incomplete", incomplete_details=[1]),
    "unknown fields": response(message("a"), surprise={"deep": [1, {"x": None}]}),
    "an unknown item": response({"type": "invention", "id": "in_1"}, message("a")),
    "separators in text": response(message("line\u2028paragraph\u2029\x85end")),
}
BEGUN = response_events(response())[:2]
EVENTS: dict[str, list[Any]] = {
    "no event": [],
    "no response": [{"type": "response.created"}, {"type": "response.completed", "response": None}],
    "an unknown event": [*BEGUN, {"type": "response.invention", "delta": "x"}, {"type": None}],
    "items of other types": [
        *BEGUN,
        {"type": "response.output_item.added", "output_index": "a", "item": None},
        {"type": "response.output_item.added", "output_index": 1, "item": 5},
        {"type": "response.output_item.done", "output_index": 2, "item": "x"},
    ],
    "deltas of other types": [
        *BEGUN,
        {"type": "response.output_text.delta", "delta": 5, "output_index": [], "content_index": {}},
        {"type": "response.function_call_arguments.delta", "delta": None},
    ],
    "deltas of no item": [*BEGUN, {"type": "response.output_text.delta", "delta": "a", "output_index": 7}],
    "no end": response_events(response(*ITEMS))[:-1],
    "no objects": [{"type": "response.created", "response": response()}, 1, "x", None, [1]],
}
REPLIES = {
    **{f"whole, {name}": whole(answer) for name, answer in ANSWERS.items()},
    **{f"streamed, {name}": streamed(chunks) for name, chunks in CHUNKS.items()},
    **NO_JSON,
}


RESPONSE_REPLIES = {
    **{f"whole, {name}": whole(answer) for name, answer in RESPONSES.items()},
    **{f"streamed, {name}": streamed(events) for name, events in EVENTS.items()},
    "streamed, the events' names": named(response_events(response(message("a")))),
    **NO_JSON,
}


QUICK = [hostile for hostile in HOSTILE if hostile.name not in LARGE]


async def outcome(form: Form, server: FakeOpenAI, reply: Reply) -> tuple[str, str]:
    """What the caller sees: the value read, or the kind of error and its text."""
    server.reply(reply)
    try:
        return "value", repr(await form(server.url))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


@pytest.mark.parametrize("form", [*WHOLE.values(), *STREAMED.values()], ids=[*WHOLE, *STREAMED])
async def test_the_caller_sees_what_the_bare_client_gives(form: Form, server: FakeOpenAI) -> None:
    for name, reply in REPLIES.items():
        bare = await outcome(form, server, reply)
        with recorded_spans() as recorded:
            assert (name, await outcome(form, server, reply)) == (name, bare)
            if not recorded.spans:
                gc.collect()  # a caller that fails in the middle of a stream leaves it to the collector
        assert (name, len(recorded.spans)) == (name, 1)


@pytest.mark.parametrize(
    "form", [*RESPONDED.values(), *RESPONSE_STREAMED.values()], ids=[*RESPONDED, *RESPONSE_STREAMED]
)
async def test_the_caller_of_responses_sees_what_the_bare_client_gives(
    form: Form, server: FakeOpenAI
) -> None:
    for name, reply in RESPONSE_REPLIES.items():
        bare = await outcome(form, server, reply)
        with recorded_spans() as recorded:
            assert (name, await outcome(form, server, reply)) == (name, bare)
            if not recorded.spans:
                gc.collect()
        assert (name, len(recorded.spans)) == (name, 1)


def described(endpoint: Endpoint, answer: Any, kind: Any) -> None:
    """Describe an answer as plain JSON and as the client's object; no more than that is expected of it."""
    to_json(endpoint.response(answer))
    to_json(endpoint.response(construct_type(type_=kind, value=answer)))


def put_together(endpoint: Endpoint, chunks: list[Any], kind: Any) -> None:
    assert endpoint.accumulator is not None
    plain, models = endpoint.accumulator(), endpoint.accumulator()
    for one in chunks:
        plain.add(one)
        models.add(construct_type(type_=kind, value=one))
    to_json(endpoint.response(plain.response()))
    to_json(endpoint.response(models.response()))


TOOL_CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
FULL_CHAT = completion("a", usage={"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}})
FULL_CHAT["choices"][0]["message"] |= {"tool_calls": [TOOL_CALL], "audio": {"id": "a", "data": "AA=="}}
FULL_CHUNKS = [
    *text_chunks("a", "b"),
    chunk({"tool_calls": [TOOL_CALL], "function_call": {"name": "f"}, "reasoning_details": [{"index": 0}]}),
    chunk({"audio": {"data": "AQ=="}, "annotations": [{"type": "url_citation"}], "refusal": "n"}),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": "}"}}], "audio": {"data": "AQ=="}}),
]


@unhurried
@given(mutated(FULL_CHAT))
def test_no_mutated_chat_is_too_much(answer: Any) -> None:
    described(CHAT_COMPLETIONS, answer, ChatCompletion)


@unhurried
@given(mutated(FULL_CHUNKS))
def test_no_mutated_stream_of_a_chat_is_too_much(chunks: Any) -> None:
    put_together(CHAT_COMPLETIONS, chunks, ChatCompletionChunk)


@needs_responses
@unhurried
@given(mutated(response(*ITEMS)))
def test_no_mutated_response_is_too_much(answer: Any) -> None:
    for endpoint in RESPONSE_ENDPOINTS:
        described(endpoint, answer, openai.types.responses.Response)  # pyright: ignore[reportAttributeAccessIssue]


@needs_responses
@unhurried
@given(mutated(response_events(response(*ITEMS))))
def test_no_mutated_stream_of_a_response_is_too_much(events: Any) -> None:
    kind = openai.types.responses.ResponseStreamEvent  # pyright: ignore[reportAttributeAccessIssue]
    put_together(RESPONSE_ENDPOINTS[0], events, kind)


@unhurried
@given(mutated({"model": "m", "messages": [], "tools": [TOOL_CALL], "tool_choice": {"type": "function"}}))
def test_no_mutated_request_is_too_much(body: Any) -> None:
    for endpoint in (CHAT_COMPLETIONS, *RESPONSE_ENDPOINTS):
        to_json(endpoint.request(Request(body=body, path="/responses/resp_1")))


@needs_responses
@unhurried
@given(
    mutated(
        {
            "input": [{"role": "user", "content": "hi"}],
            "instructions": "Be brief.",
            "text": {"format": {"type": "json_schema", "name": "a", "schema": {}}, "verbosity": "low"},
            "tools": [{"type": "function", "name": "f", "strict": None}, {"type": "custom", "name": "c"}],
            "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": []},
        }
    )
)
def test_no_mutated_request_for_a_response_is_too_much(body: Any) -> None:
    to_json(RESPONSE_ENDPOINTS[0].request(Request(body=body)))


async def test_what_can_be_told_of_a_deviating_answer_is_told(
    server: FakeOpenAI, recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    server.reply(whole(ANSWERS["message of other types"]), whole(ANSWERS["tool calls of other types"]))
    with caplog.at_level(logging.WARNING, "spanscore"):
        await WHOLE["create"](server.url)
        await WHOLE["create"](server.url)
    first, second = (attribute(span, "output_json") for span in recorded.spans)
    assert first[0]["message"]["content"] == "a"
    assert len(second[0]["message"]["tool_calls"]) == 5
    assert caplog.records == []


@pytest.mark.parametrize("field", ["model", "messages", "content", "temperature", "metadata"])
def test_a_hostile_request_ends_as_with_the_bare_client(field: str, server: FakeOpenAI) -> None:
    options: dict[str, Any] = {"api_key": "k", "base_url": server.url, "max_retries": 0}
    server.reply(*[whole(completion("hi"))] * 3 * len(HOSTILE))
    with recorded_spans() as recorded, OpenAI(**options) as bare, OpenAI(**options) as client:
        wrapped = wrap_openai(client)
        for hostile in QUICK:
            wanted = asked(bare, field, hostile.make())
            assert (hostile.name, asked(wrapped, field, hostile.make())) == (hostile.name, wanted)
        assert asked(wrapped, "model", "m") == "hi"
    assert recorded.spans[-1].name == "Chat Completion"


def asked(client: OpenAI, field: str, value: Any) -> str | None:
    """The answer, or the class of what the client raises."""
    request: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    if field == "content":
        request["messages"][0]["content"] = value
    else:
        request[field] = value
    try:
        return client.chat.completions.create(**request).choices[0].message.content
    except BaseException as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__
