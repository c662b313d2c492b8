"""Answers that no API should give: the caller sees what the bare client gives, and the span is ended."""

import gc
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_clients import ASKED, client_of
from fake_bedrock import EVENT_STREAM, FakeBedrock, Reply, answer, delta, events, frame, streamed, whole
from hostile import HOSTILE, LARGE
from spanscore.integrations.bedrock import wrap
from spanscore.testing import recorded_spans
from spanscore.tracing import guard

MESSAGE: dict[str, Any] = {"role": 5, "content": [None, 5, "x", {}, {"text": None}, {"toolUse": "f"}]}
ANSWERS: dict[str, Any] = {
    "no output": {"stopReason": "end_turn"},
    "output null": answer(output=None, usage=None),
    "output a string": answer(output="none"),
    "message of other types": answer(output={"message": MESSAGE}),
    "usage of other types": answer({"text": "a"}, usage=[1], stopReason=7),
    "usage of fractions": answer({"text": "a"}, usage={"inputTokens": 1.5, "outputTokens": -2}),
    "a list": [1, 2],
    "a string": "hello",
    "null": None,
    "unknown fields": answer({"text": "a"}, surprise={"deep": [1, {"x": None}]}),
}
STREAMS: dict[str, list[Any]] = {
    "no event": [],
    "other events": [("messageStart", {"role": None}), ("surprise", {"a": 1})],
    "deltas of other types": [delta(0, text=5), ("contentBlockDelta", {"delta": None}), delta(0, toolUse=3)],
    "indexes of other types": [("contentBlockDelta", {"contentBlockIndex": "a", "delta": {"text": "x"}})],
    "usage of other types": [("metadata", {"usage": "much"})],
    "no objects": [("metadata", b"[1]"), ("messageStop", b'"x"'), ("contentBlockDelta", b"5")],
    "an error without a message": [("validationException", {})],
}
BODIES: dict[str, Reply] = {
    "no JSON": Reply(pieces=[b"<html>"], content_type="text/html"),
    "broken JSON": Reply(pieces=[b'{"output": [']),
    "empty": Reply(),
    "a checksum that is wrong": Reply(content_type=EVENT_STREAM, pieces=[frame("metadata", {})[:-1] + b"!"]),
    "half a frame": Reply(content_type=EVENT_STREAM, pieces=[frame("metadata", {})[:-9]]),
    "no JSON in an event": streamed([("contentBlockDelta", b"<html>")]),
}
REPLIES = {
    **{f"whole, {name}": whole(value) for name, value in ANSWERS.items()},
    **{f"streamed, {name}": streamed(parts) for name, parts in STREAMS.items()},
    **BODIES,
}
QUICK = [hostile for hostile in HOSTILE if hostile.name not in LARGE]


def converse(client: Any, **asked: Any) -> Any:
    return client.converse(**{**ASKED, **asked})


def converse_stream(client: Any, **asked: Any) -> Any:
    stream = client.converse_stream(**{**ASKED, **asked})["stream"]
    try:
        return list(stream)
    finally:
        stream.close()


def outcome(call: Callable[..., Any], client: Any, **asked: Any) -> tuple[str, str]:
    """What the caller sees: the value read, or the kind of error and its text."""
    try:
        return "value", repr(call(client, **asked))
    except BaseException as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("call", [converse, converse_stream])
def test_the_caller_sees_what_the_bare_client_gives(call: Callable[..., Any], server: FakeBedrock) -> None:
    with client_of(server.url) as bare, client_of(server.url) as client:
        wrap(client)
        for name, reply in REPLIES.items():
            server.reply(reply, reply)
            wanted = outcome(call, bare)
            with recorded_spans() as recorded:
                assert (name, outcome(call, client)) == (name, wanted)
                if not recorded.spans:
                    gc.collect()  # a caller that fails in between leaves the stream to the collector
            assert (name, len(recorded.spans)) == (name, 1)


def test_nothing_is_logged_of_a_deviating_answer(
    server: FakeBedrock, caplog: pytest.LogCaptureFixture
) -> None:
    server.reply(*(whole(value) for value in ANSWERS.values()))
    with caplog.at_level(logging.WARNING, "spanscore"), client_of(server.url) as client, recorded_spans():
        for _ in ANSWERS:
            outcome(converse, wrap(client))
    assert caplog.records == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["output", "message", "content", "text", "toolUse", "input", "usage", "delta"]),
            inner,
        )
    ),
    max_leaves=6,
)
KINDS = ["messageStart", "contentBlockStart", "contentBlockDelta", "messageStop", "metadata", "other"]


@settings(deadline=None, max_examples=20)
@given(JSON, st.lists(st.tuples(st.sampled_from(KINDS), JSON), max_size=4))
def test_any_answer_reaches_the_caller_as_it_is(value: Any, parts: list[Any]) -> None:
    with FakeBedrock() as server, client_of(server.url) as bare, client_of(server.url) as client:
        server.reply(*[whole(value)] * 2, *[streamed(parts)] * 2)
        with recorded_spans() as recorded:
            assert outcome(converse, wrap(client)) == outcome(converse, bare)
            assert outcome(converse_stream, client) == outcome(converse_stream, bare)
        assert len(recorded.spans) == 2


@pytest.mark.parametrize("field", ["modelId", "messages", "system", "text", "inferenceConfig", "span_info"])
def test_a_hostile_request_ends_as_with_the_bare_client(field: str, server: FakeBedrock) -> None:
    guard.reraise = False
    with recorded_spans() as recorded, client_of(server.url) as bare, client_of(server.url) as client:
        wrap(client)
        for hostile in QUICK:
            sent = {} if field == "span_info" else asked(field, hostile.make())
            wanted = outcome(converse, bare, **sent)
            kind, said = outcome(converse, client, **asked(field, hostile.make()))
            assert (hostile.name, kind) == (hostile.name, wanted[0])
            assert kind != "value" or said == wanted[1]
        assert converse(client)["stopReason"] == "end_turn"
    assert recorded.spans[-1].name == "bedrock.converse"


def asked(field: str, value: Any) -> dict[str, Any]:
    if field == "text":
        return {"messages": [{"role": "user", "content": [{"text": value}]}]}
    return {field: value}


def test_a_stream_of_many_events_is_one_answer(server: FakeBedrock) -> None:
    server.reply(streamed(events(*(delta(0, text="ab ") for _ in range(3_000)))))
    with recorded_spans() as recorded, client_of(server.url) as client:
        assert len(converse_stream(wrap(client))) == 3_003
    assert ("ab " * 3_000) in str((recorded.spans[0].attributes or {})["braintrust.output_json"])
