"""Answers that no API should give: the caller sees what the bare client gives, and the span is ended."""

import gc
import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anthropic_forms import STREAMED, WHOLE, Form, bare, client_of, outcome, run
from fake_anthropic import (
    MODEL,
    FakeAnthropic,
    Reply,
    block,
    delta,
    message,
    start,
    streamed,
    text,
    text_block,
    whole,
)
from hostile import HOSTILE, LARGE
from span_reading import attribute
from spanscore.testing import RecordedRecords, recorded_spans

ANSWERS: dict[str, Any] = {
    "no content": {"id": "x", "model": "m"},
    "content null": message(content=None, usage=None),
    "content a string": message(content="none"),
    "content empty": message(),
    "content of other types": message(content=[None, 5, "x", {}, {"type": None}, {"type": "new", "a": [1]}]),
    "blocks of other types": message({"type": "text", "text": 5}, {"type": "tool_use", "input": "x"}),
    "usage of other types": message("a", usage=[1], id=5, model={"a": 1}, stop_reason=7),
    "usage details of other types": message("a", usage={"input_tokens": "1", "cache_creation": 3}),
    "a list": [1, 2],
    "a string": "hello",
    "a number": 5,
    "null": None,
    "unknown fields": message("a", surprise={"deep": [1, {"x": None}]}),
    "separators in text": message("line\u2028paragraph\u2029\x85end"),
}
EVENTS: dict[str, list[Any]] = {
    "no event": [],
    "no start": text_block(0, "a"),
    "message null": [{"type": "message_start", "message": None}],
    "content of other types": [start(content=[None, 5]), *text_block(0, "a")],
    "deltas of other types": [start(), *block(0, text(""), delta(0, "text_delta", text=5), {"type": "x"})],
    "blocks of other types": [start(), {"type": "content_block_start", "index": None, "content_block": 5}],
    "usage of other types": [start(usage="much"), {"type": "message_delta", "delta": None, "usage": [1]}],
    "no objects": [1, "x", None, [1]],
    "unknown events": [start(), {"type": "surprise", "deep": [1]}, *text_block(0, "a")],
    "separators in text": [start(), *text_block(0, "line\u2028paragraph\u2029\x85end")],
}
NO_JSON: dict[str, Reply] = {
    "no JSON": Reply(body="<html>", content_type="text/html"),
    "broken JSON": Reply(body='{"content": ['),
    "empty": Reply(body=""),
    "no events": Reply(body="data: {\n\nnot an event\n\n", content_type="text/event-stream"),
}
REPLIES = {
    **{f"whole, {name}": whole(answer) for name, answer in ANSWERS.items()},
    **{f"streamed, {name}": streamed(events) for name, events in EVENTS.items()},
    **NO_JSON,
}
FORMS = {**WHOLE, **STREAMED}
QUICK = [hostile for hostile in HOSTILE if hostile.name not in LARGE]


async def seen(form: Form, server: FakeAnthropic, reply: Reply, **options: Any) -> str:
    """What the caller sees, as text: hostile answers hold what is not equal to itself."""
    return repr((await outcome(form, server, reply, **options))[0])


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_the_caller_sees_what_the_bare_client_gives(form: Form, server: FakeAnthropic) -> None:
    for name, reply in REPLIES.items():
        expected = await seen(form, server, reply, wrap=bare)
        with recorded_spans() as recorded:
            assert (name, await seen(form, server, reply)) == (name, expected)
            if not recorded.spans:
                gc.collect()  # a caller that fails in the middle of a stream leaves it to the collector
        assert (name, len(recorded.spans)) == (name, 1)


async def test_what_can_be_told_of_a_deviating_answer_is_told(
    server: FakeAnthropic, recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    server.reply(whole(ANSWERS["usage of other types"]), whole(ANSWERS["content of other types"]))
    with caplog.at_level(logging.WARNING, "spanscore"):
        await run(WHOLE["create"], server.url)
        await run(WHOLE["create"], server.url)
    first, second = (attribute(span, "output_json") for span in recorded.spans)
    assert first["content"] == [text("a")]
    assert len(second["content"]) == 6
    assert attribute(recorded.spans[0], "metadata")["model"] == MODEL
    assert [record for record in caplog.records if record.name.startswith("spanscore")] == []


_names = st.sampled_from(
    [
        *("type", "message", "role", "model", "content", "index", "content_block", "delta", "text", "usage"),
        *("input_tokens", "output_tokens", "cache_creation", "stop_reason", "partial_json", "thinking"),
    ]
)
_texts = st.sampled_from(
    [
        *("message", "text", "tool_use", "thinking", "text_delta", "input_json_delta", "citations_delta"),
        *("message_start", "content_block_start", "content_block_delta", "message_delta", "\ud800", ""),
    ]
)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=5),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(answer=_json, events=st.lists(_json, max_size=6))
def test_whatever_comes_nothing_of_ours_is_raised(
    answer: Any, events: list[Any], server: FakeAnthropic
) -> None:
    sent: Any = json.loads(json.dumps(answer).replace("\\ud800", "x"))  # no client can send that
    with recorded_spans() as recorded, client_of(server.url) as client:
        server.reply(whole(answer), streamed(events))
        told: Any = client.post("/v1/messages", cast_to=object, body={"messages": sent, "tools": sent})
        assert json.dumps(told) == json.dumps(answer)
        stream: Any = client.messages.create(
            model="m", max_tokens=1, messages=[], stream=True, system=sent, extra_body={"tools": sent}
        )
        try:
            list(stream)
        except Exception:  # noqa: BLE001 - whatever the client raises at such events
            gc.collect()
    assert len(recorded.spans) == 2


@pytest.mark.parametrize("field", ["model", "messages", "content", "temperature", "system", "tools"])
def test_a_hostile_request_ends_as_with_the_bare_client(field: str, server: FakeAnthropic) -> None:
    with (
        recorded_spans() as recorded,
        client_of(server.url, wrap=bare) as other,
        client_of(server.url) as client,
    ):
        for hostile in QUICK:
            wanted = asked(other, field, hostile.make())
            assert (hostile.name, asked(client, field, hostile.make())) == (hostile.name, wanted)
        assert asked(client, "model", "m") == "Hello from the fake server"
    assert recorded.spans[-1].name == "anthropic.messages.create"


def asked(client: Any, field: str, value: Any) -> str | None:
    """The answer, or the class of what the client raises."""
    request: dict[str, Any] = {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "hi"}],
    }
    if field == "content":
        request["messages"][0]["content"] = value
    elif field == "temperature":
        request["extra_body"] = {field: value}
    else:
        request[field] = value
    try:
        return client.messages.create(**request).content[0].text
    except BaseException as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__
