"""Answers that no API should give: the caller sees what the bare client gives, and the span is ended."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from google import genai
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_google import FakeGoogle, Reply, answer, candidate, chunk, streamed, whole
from google_forms import STREAMED, WHOLE, aclosing_client, bare_client, client_of, close_both, closing_client
from hostile import HOSTILE, LARGE
from span_reading import attribute
from spanscore.integrations.google_genai import wrap
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import guard

Form = Callable[[genai.Client], Awaitable[Any]]

ANSWERS: dict[str, Any] = {
    "no candidates": {"modelVersion": "m"},
    "candidates null": answer(candidates=None, usageMetadata=None),
    "candidates a string": answer(candidates="none"),
    "candidates empty": answer(candidates=[]),
    "candidates of other types": answer(candidates=[None, 5, "x", {}, {"content": None}, {"content": "x"}]),
    "parts of other types": answer(
        candidates=[candidate({"functionCall": 5}, {"inlineData": "x"}, {"text": 5})]
    ),
    "usage of other types": answer("a", usageMetadata=[1], responseId=5, modelVersion={"a": 1}),
    "usage details of other types": answer("a", usageMetadata={"promptTokensDetails": 3}),
    "a finish reason of tomorrow": answer(candidates=[candidate("a", finishReason="TOMORROW")]),
    "unknown fields": answer("a", surprise={"deep": [1, {"x": None}]}),
    "an unknown part": answer({"hologram": {"x": 1}}),
    "a list": [1, 2],
    "a string": "hello",
    "a number": 5,
    "null": None,
    "separators in text": answer("line\u2028paragraph\u2029\x85end"),
}
CHUNKS: dict[str, list[Any]] = {
    "no chunk": [],
    **{name: [value] for name, value in ANSWERS.items()},
    "an error": [chunk("a"), {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}],
    "an error of other types": [chunk("a"), {"error": {"code": "x"}}],
}
NO_JSON: dict[str, Reply] = {
    "no JSON": Reply(body="<html>", content_type="text/html"),
    "broken JSON": Reply(body='{"candidates": ['),
    "empty": Reply(),
    "no events": Reply(body="data: {\n\nnot an event\n\n", content_type="text/event-stream"),
}
REPLIES = {
    **{f"whole, {name}": whole(value) for name, value in ANSWERS.items()},
    **{f"streamed, {name}": streamed(chunks) for name, chunks in CHUNKS.items()},
    **NO_JSON,
}
PANICS = "a set subclass that raises"
"""What pydantic itself panics at, client or no client."""

QUICK = [hostile for hostile in HOSTILE if hostile.name not in {*LARGE, PANICS}]


# What the client warns of with the bare one too.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


async def outcome(form: Form, client: genai.Client, server: FakeGoogle, reply: Reply) -> tuple[str, str]:
    """What the caller sees: the value read, or the kind of error and its text."""
    server.reply(reply)
    try:
        return "value", repr(await form(client))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


async def all_ended(recorded: RecordedRecords) -> None:
    """Who fails in the middle of a stream leaves it to the collector, or to the loop."""
    if not recorded.spans:
        gc.collect()
    for _ in range(100):
        if not recorded.spans:
            await asyncio.sleep(0)


@pytest.mark.parametrize("form", [*WHOLE.values(), *STREAMED.values()], ids=[*WHOLE, *STREAMED])
async def test_the_caller_sees_what_the_bare_client_gives(form: Form, server: FakeGoogle) -> None:
    async with (
        aclosing_client(bare_client(server.url)) as bare,
        aclosing_client(wrap(bare_client(server.url))) as wrapped,
    ):
        for name, reply in REPLIES.items():
            expected = await outcome(form, bare, server, reply)
            with recorded_spans() as recorded:
                assert (name, await outcome(form, wrapped, server, reply)) == (name, expected)
                await all_ended(recorded)
            assert (name, len(recorded.spans)) == (name, 1)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "candidates",
                    "content",
                    "parts",
                    "text",
                    "thought",
                    "functionCall",
                    "inlineData",
                    "mimeType",
                    "data",
                    "index",
                    "usageMetadata",
                    "promptTokenCount",
                    "promptTokensDetails",
                    "groundingMetadata",
                    "safetyRatings",
                    "modelVersion",
                    "role",
                ]
            ),
            values,
            max_size=4,
        )
    ),
    max_leaves=20,
)


_ANSWERS = st.fixed_dictionaries({"candidates": _JSON, "usageMetadata": _JSON}) | _JSON


def test_whatever_comes(server: FakeGoogle) -> None:
    loop = asyncio.new_event_loop()
    bare, wrapped = bare_client(server.url), wrap(bare_client(server.url))

    async def compare(values: list[Any]) -> None:
        for form, reply in (
            (WHOLE["generate_content"], whole(values[0])),
            (STREAMED["stream"], streamed(values)),
            (STREAMED["async stream"], streamed(values)),
        ):
            expected = await outcome(form, bare, server, reply)
            with recorded_spans() as recorded:
                assert await outcome(form, wrapped, server, reply) == expected
                await all_ended(recorded)
            assert len(recorded.spans) == 1

    @settings(max_examples=20, deadline=None)
    @given(values=st.lists(_ANSWERS, min_size=1, max_size=3))
    def check(values: list[Any]) -> None:
        loop.run_until_complete(compare(values))

    check()
    loop.run_until_complete(close_both(bare, wrapped))
    loop.close()


async def test_what_can_be_told_of_a_deviating_answer_is_told(
    server: FakeGoogle, recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    server.reply(whole(ANSWERS["an unknown part"]), whole(ANSWERS["usage of other types"]))
    async with aclosing_client(wrap(bare_client(server.url))) as client:
        with caplog.at_level(logging.WARNING, "spanscore"):
            for _ in range(2):
                await outcome(WHOLE["generate_content"], client, server, whole(answer("a")))
    first, second = (attribute(span, "output_json") for span in recorded.spans)
    assert first["candidates"][0]["content"]["parts"] == [{"hologram": {"x": 1}}]
    assert second["candidates"][0]["content"]["parts"] == [{"text": "a"}]
    assert [record for record in caplog.records if record.name.startswith("spanscore")] == []


@pytest.mark.parametrize("field", ["model", "contents", "config", "temperature", "tools"])
def test_a_hostile_request_ends_as_with_the_bare_client(
    field: str, server: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pydantic swallows what some of these raise, and pytest's hook cannot even say of which it did.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    guard.reraise = False  # an object that cannot even be asked for its class cannot be described
    server.reply(*[whole(answer("hi"))] * 3 * len(HOSTILE))
    with (
        recorded_spans() as recorded,
        closing_client(bare_client(server.url)) as bare,
        client_of(server.url) as wrapped,
    ):
        for hostile in QUICK:
            wanted = asked(bare, field, hostile.make())
            assert (hostile.name, asked(wrapped, field, hostile.make())) == (hostile.name, wanted)
        assert asked(wrapped, "model", "m") == "hi"
    assert recorded.spans[-1].name == "generate_content"


def asked(client: genai.Client, field: str, value: Any) -> str | None:
    """The answer, or the class of what the client raises."""
    request: dict[str, Any] = {"model": "m", "contents": "hi"}
    if field in ("temperature", "tools"):
        request["config"] = {field: [value] if field == "tools" else value}
    else:
        request[field] = value
    try:
        return client.models.generate_content(**request).text
    except BaseException as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__
