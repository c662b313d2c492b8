"""Answers that no API should give: the caller sees what bare litellm gives, and the span is ended."""

import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openai import FakeOpenAI, Reply, chunk, completion, streamed, whole
from hostile import HOSTILE, LARGE
from litellm_forms import MESSAGES, MODEL, STREAMED, WHOLE, kind_of, litellm, options
from span_reading import attribute
from spanscore.integrations.litellm import patch
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import guard

Form = Callable[[str], Awaitable[Any]]

MESSAGE: dict[str, Any] = {"role": "assistant", "content": "a", "tool_calls": 5, "audio": "x"}
REPLIES: dict[str, Reply] = {
    "no choices": whole({"id": "x", "model": "m"}),
    "choices null": whole(completion(choices=None, usage=None)),
    "choices empty": whole(completion()),
    "choices of other types": whole(completion(choices=[None, 5, "x", {}, {"message": None}])),
    "message of other types": whole(completion(choices=[{"index": "0", "message": MESSAGE}])),
    "usage of other types": whole(completion("a", usage=[1], id=5)),
    "a list": whole([1, 2]),
    "null": whole(None),
    "unknown fields": whole(completion("a", surprise={"deep": [1, {"x": None}]})),
    "no chunk": streamed([]),
    "chunks without choices": streamed([{"id": "x"}, {"choices": None}]),
    "deltas of other types": streamed([chunk({"content": 5, "tool_calls": [None]}), {"choices": "x"}]),
    "usage of other types, streamed": streamed([chunk({"content": "a"}, usage="much", model=5)]),
    "no objects": streamed([1, "x", None]),
    "no JSON": Reply(body="<html>", content_type="text/html"),
    "broken JSON": Reply(body='{"choices": [', content_type="application/json"),
    "empty": Reply(body="", content_type="application/json"),
}
FORMS: dict[str, Form] = {
    name: {**WHOLE, **STREAMED}[name] for name in ("completion", "acompletion", "stream", "async stream")
}
QUICK = [hostile for hostile in HOSTILE if hostile.name not in LARGE]


async def outcome(form: Form, server: FakeOpenAI, reply: Reply) -> tuple[str, str]:
    """What the caller sees: the value read, or the kind of error."""
    server.reply(reply)
    try:
        return "value", repr(await form(server.url))
    except Exception as error:  # noqa: BLE001 - whatever litellm raises is the outcome
        return kind_of(error), ""


@pytest.mark.parametrize("name", FORMS)
async def test_the_caller_sees_what_bare_litellm_gives(name: str, server: FakeOpenAI) -> None:
    for said, reply in REPLIES.items():
        bare = await outcome(FORMS[name], server, reply)
        undo = patch()
        try:
            with recorded_spans() as recorded:
                assert (said, await outcome(FORMS[name], server, reply)) == (said, bare)
                if not recorded.spans:
                    gc.collect()
        finally:
            undo()
        assert (said, len(recorded.spans)) == (said, 1)


@pytest.mark.usefixtures("patched")
async def test_nothing_of_ours_is_logged(server: FakeOpenAI, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "spanscore"), recorded_spans():
        for reply in REPLIES.values():
            await outcome(FORMS["completion"], server, reply)
            await outcome(FORMS["async stream"], server, reply)
    assert [record for record in caplog.records if record.name.startswith("spanscore")] == []


@pytest.mark.parametrize("field", ["model", "messages", "content", "temperature", "metadata", "span_info"])
def test_a_hostile_request_ends_as_with_bare_litellm(field: str, server: FakeOpenAI) -> None:
    guard.reraise = False
    for hostile in QUICK:
        wanted = asked(server, field, hostile.make()) if field != "span_info" else "hi"
        undo = patch()
        try:
            with recorded_spans():
                assert (hostile.name, asked(server, field, hostile.make())) == (hostile.name, wanted)
        finally:
            undo()


def asked(server: FakeOpenAI, field: str, value: Any) -> str | None:
    """The answer, or the class of what litellm raises."""
    server.reply(whole(completion("hi")))
    request: dict[str, Any] = {"model": MODEL, "messages": MESSAGES, **options(server.url)}
    if field == "content":
        request["messages"] = [{"role": "user", "content": value}]
    else:
        request[field] = value
    try:
        return litellm.completion(**request).choices[0].message.content
    except BaseException as error:  # noqa: BLE001 - whatever litellm raises is the outcome
        return kind_of(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "delta", "content", "tool_calls", "usage", "model"]), inner
        )
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=20)
@given(JSON)
def test_any_answer_reaches_the_caller_as_it_is(value: Any) -> None:
    with FakeOpenAI(whole(value), whole(value)) as server:
        request: Any = {"model": MODEL, "messages": MESSAGES, **options(server.url)}
        wanted = seen(request)
        undo = patch()
        try:
            with recorded_spans() as recorded:
                assert seen(request) == wanted
        finally:
            undo()
    assert len(recorded.spans) == 1


def seen(request: Any) -> tuple[str, str]:
    try:
        answer = litellm.completion(**request)
    except Exception as error:  # noqa: BLE001 - whatever litellm raises is the outcome
        return kind_of(error), ""
    return "value", repr([answer.choices, answer.model])


@pytest.mark.usefixtures("patched")
def test_what_can_be_told_of_a_deviating_answer_is_told(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(REPLIES["unknown fields"])
    litellm.completion(MODEL, MESSAGES, **options(server.url))
    assert attribute(recorded.spans[0], "output_json")[0]["message"]["content"] == "a"
