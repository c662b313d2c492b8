"""Events of a stream merge into what a whole message would be, also where they break off."""

from typing import Any

import pytest
from anthropic import Anthropic
from anthropic.types import RawMessageStreamEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anthropic_forms import ASKED, STREAMED, VERSION, bare, client_of, run
from fake_anthropic import (
    MODEL,
    USAGE,
    FakeAnthropic,
    Json,
    block,
    delta,
    end,
    error,
    message,
    start,
    streamed,
    text,
    text_block,
    tool_use,
)
from span_reading import attribute
from spanscore.integrations.anthropic._message_stream import MessageAccumulator
from spanscore.testing import recorded_spans

CITATION = {"type": "char_location", "cited_text": "x", "document_index": 0, "start_char_index": 0}
FOUND = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [{"type": "web_search_result", "url": "https://example.com", "title": "Example"}],
}
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
MCP = {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "find", "server_name": "s", "input": {}}


def json_delta(index: int, part: str) -> Json:
    return delta(index, "input_json_delta", partial_json=part)


CASES: dict[str, tuple[list[Json], list[Json]]] = {
    "text": (text_block(0, "a", "b"), [text("ab")]),
    "text that begins at once": (
        block(0, text("a"), delta(0, "text_delta", text="b")),
        [text("ab")],
    ),
    "no text": (text_block(0), [text("")]),
    "thinking with its signature": (
        block(
            0,
            {"type": "thinking", "thinking": "", "signature": ""},
            delta(0, "thinking_delta", thinking="so"),
            delta(0, "thinking_delta", thinking="…"),
            delta(0, "signature_delta", signature="Eq=="),
        ),
        [{"type": "thinking", "thinking": "so…", "signature": "Eq=="}],
    ),
    "redacted thinking": (
        block(0, {"type": "redacted_thinking", "data": "xyz"}),
        [{"type": "redacted_thinking", "data": "xyz"}],
    ),
    "a tool in parts": (
        block(0, tool_use(), json_delta(0, ""), json_delta(0, '{"city": "Ro'), json_delta(0, 'me"}')),
        [tool_use(city="Rome")],
    ),
    "a tool without input": (block(0, tool_use(), json_delta(0, "")), [tool_use()]),
    "a tool whose input broke off": (
        block(0, tool_use(), json_delta(0, '{"city": "Ro'))[:2],
        [{**tool_use(), "input": '{"city": "Ro'}],
    ),
    "two tools, interleaved": (
        [
            {"type": "content_block_start", "index": 0, "content_block": tool_use(1)},
            {"type": "content_block_start", "index": 1, "content_block": tool_use(2)},
            json_delta(1, '{"b"'),
            json_delta(0, '{"a": 1}'),
            json_delta(1, ": 2}"),
        ],
        [tool_use(1, a=1), tool_use(2, b=2)],
    ),
    "a tool of the provider's and what it found": (
        [*block(0, SEARCH, json_delta(0, '{"query": "x"}')), *block(1, FOUND)],
        [{**SEARCH, "input": {"query": "x"}}, FOUND],
    ),
    "a tool of a server's": (
        block(0, MCP, json_delta(0, '{"q": 1}')),
        [{**MCP, "input": {"q": 1}}],
    ),
    "citations": (
        block(
            0,
            {**text(""), "citations": []},
            delta(0, "citations_delta", citation=CITATION),
            delta(0, "text_delta", text="x"),
            delta(0, "citations_delta", citation={**CITATION, "document_index": 1}),
        ),
        [{**text("x"), "citations": [CITATION, {**CITATION, "document_index": 1}]}],
    ),
    "a delta of an unknown kind replaces": (
        block(0, {"type": "new", "data": 1}, delta(0, "new_delta", data=2, more=None)),
        [{"type": "new", "data": 2}],
    ),
    "a delta before its block": ([delta(3, "text_delta", text="a")], [{"text": "a"}]),
    "blocks out of order": ([*text_block(1, "b"), *text_block(0, "a")], [text("a"), text("b")]),
}


def accumulated(events: list[Any]) -> dict[str, Any]:
    accumulator = MessageAccumulator()
    for event in events:
        accumulator.add(event)
    return dict(accumulator.response())


def models(server: FakeAnthropic, events: list[Json]) -> list[RawMessageStreamEvent]:
    """The events as the client gives them."""
    server.reply(streamed(events))
    with client_of(server.url, wrap=bare) as client:
        return list(client.messages.create(**ASKED, stream=True))


@pytest.mark.parametrize("form", ["plain", "models"])
@pytest.mark.parametrize(("events", "content"), CASES.values(), ids=CASES.keys())
def test_content(events: list[Json], content: list[Json], form: str, server: FakeAnthropic) -> None:
    all_events: list[Any] = [start(), *events, *end()]
    whole = accumulated(all_events if form == "plain" else models(server, all_events))
    assert whole["content"] == content


@pytest.mark.parametrize("form", ["plain", "models"])
def test_the_rest_of_a_message(form: str, server: FakeAnthropic) -> None:
    events: list[Any] = [start(), *text_block(0, "a"), *end("max_tokens", 9, input_tokens=6)]
    whole = accumulated(events if form == "plain" else models(server, events))
    assert whole == {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [text("a")],
        "stop_reason": "max_tokens",
        "usage": {**USAGE, "input_tokens": 6, "output_tokens": 9},
    }


def test_what_has_come_of_a_message_that_breaks_off_has_no_placeholders() -> None:
    breakdown = {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 0}
    usage = {"input_tokens": 5, "cache_creation": breakdown, "output_tokens": 1}
    whole = accumulated([start(usage=usage), *text_block(0, "a")])
    assert whole["usage"] == {"input_tokens": 5, "cache_creation": breakdown}
    assert "stop_reason" not in whole


def test_facts_that_come_last_belong_to_the_message() -> None:
    last = {"stop_reason": "end_turn", "stop_sequence": None, "container": {"id": "c"}}
    event = {"type": "message_delta", "delta": last, "usage": {}, "context_management": {"applied": []}}
    whole = accumulated([start(), event])
    assert (whole["container"], whole["context_management"]) == ({"id": "c"}, {"applied": []})


def test_a_message_is_labelled_with_the_model_that_served_in_the_end() -> None:
    fallback = {"type": "fallback", "from": {"model": "a"}, "to": {"model": "b"}}
    assert accumulated([start(model="a"), *block(0, fallback), *end()])["model"] == "b"


HOSTILE: list[Any] = [
    None,
    5,
    "x",
    [1],
    {},
    {"type": None},
    {"type": ["message_start"]},
    {"type": "message_start"},
    {"type": "message_start", "message": "x"},
    {"type": "message_start", "message": {"content": [5], "usage": [1]}},
    {"type": "content_block_start"},
    {"type": "content_block_start", "index": "a", "content_block": [1]},
    {"type": "content_block_delta"},
    {"type": "content_block_delta", "index": {}, "delta": "x"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": {}, "text": "x"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 5}},
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "input_json_delta", "partial_json": "\ud800"},
    },
    {"type": "message_delta", "delta": 5, "usage": "x"},
    {"type": "message_stop"},
    {"type": "surprise", "index": 1},
]


@pytest.mark.parametrize("event", HOSTILE, ids=str)
def test_events_of_other_shapes_do_no_harm(event: Any) -> None:
    expected = accumulated([start(), *text_block(1, "a"), *end()])
    told = accumulated([start(), event, *text_block(1, "a"), *end()])
    assert told["content"][-1] == expected["content"][-1]
    assert told["stop_reason"] == "end_turn"


def test_nothing() -> None:
    assert accumulated([]) == {}
    assert accumulated([{"type": "ping"}, {"type": "error", "error": None}]) == {}


def test_an_error_that_the_caller_reads_by_itself_is_part_of_the_answer() -> None:
    whole = accumulated([start(), *text_block(0, "a"), error("overloaded_error", "too much")])
    assert (whole["content"], whole["error"]) == (
        [text("a")],
        {"type": "overloaded_error", "message": "too much"},
    )


RICH = [
    start(),
    *block(
        0,
        {"type": "thinking", "thinking": "", "signature": ""},
        delta(0, "thinking_delta", thinking="Let me — see"),
        delta(0, "signature_delta", signature="Eq=="),
    ),
    {"type": "ping"},
    *text_block(1, "line\u2028paragraph\x85 ", "😀"),
    *block(2, tool_use(), json_delta(2, '{"city": "R'), json_delta(2, 'ôme", "n": [1, 2.5]}')),
    *end("tool_use", 77),
]
RICH_CONTENT = [
    {"type": "thinking", "thinking": "Let me — see", "signature": "Eq=="},
    text("line\u2028paragraph\x85 😀"),
    tool_use(city="Rôme", n=[1, 2.5]),
]
LENGTH = len(str(streamed(RICH).body).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(min_value=1, max_value=LENGTH), max_size=30))
@pytest.mark.parametrize("name", ["stream", "stream helper", "stream, lines", "async stream helper"])
async def test_however_the_stream_is_cut_all_get_what_was_sent(
    name: str, cuts: list[int], server: FakeAnthropic
) -> None:
    server.reply(streamed(RICH), streamed(RICH, cuts=cuts))
    expected = await run(STREAMED[name], server.url, wrap=bare)
    with recorded_spans() as recorded:
        assert await run(STREAMED[name], server.url) == expected
    (span,) = recorded.spans
    assert attribute(span, "output_json") == {
        "role": "assistant",
        "content": RICH_CONTENT,
        "stop_reason": "tool_use",
    }


def final(client: Anthropic) -> list[Json]:
    """The content that the client's own helper puts together."""
    with client.messages.stream(**ASKED) as stream:
        blocks: Any = [one.to_dict() for one in stream.get_final_message().content]
    added = ("parsed_output", "citations")
    return [{name: value for name, value in one.items() if name not in added} for one in blocks]


@pytest.mark.skipif(VERSION < (0, 47), reason="the helper of older versions knows no thinking")
def test_it_is_what_the_clients_own_helper_puts_together(server: FakeAnthropic) -> None:
    server.reply(streamed(RICH))
    with client_of(server.url, wrap=bare) as client:
        assert accumulated(RICH)["content"] == final(client) == RICH_CONTENT


def test_a_whole_answer_of_the_same_content_is_told_alike() -> None:
    whole = message("a", usage={**USAGE, "output_tokens": 7})
    assert accumulated([start(), *text_block(0, "a"), *end()]) == {
        name: value for name, value in whole.items() if value is not None
    }
