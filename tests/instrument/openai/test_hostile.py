"""Answers that no API should give: the caller sees what the bare client gives, and the span is ended."""

import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from openai import OpenAI

from fake_openai import FakeOpenAI, Reply, chunk, completion, streamed, whole
from hostile import HOSTILE, LARGE
from openai_forms import STREAMED, WHOLE
from span_reading import attribute
from spanscore import wrap_openai
from spanscore.testing import RecordedRecords, recorded_spans

Form = Callable[[str], Awaitable[Any]]

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
REPLIES = {
    **{f"whole, {name}": whole(answer) for name, answer in ANSWERS.items()},
    **{f"streamed, {name}": streamed(chunks) for name, chunks in CHUNKS.items()},
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
