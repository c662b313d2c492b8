"""Chunks of a stream merge into what a whole answer would be, however servers cut and repeat them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionChunk

from fake_openai import chunk
from spanscore.instrument.openai._chat_stream import ChatAccumulator


def tool(index: int | None, **fields: Any) -> dict[str, Any]:
    """A delta with one part of a tool call."""
    return {"tool_calls": [{"index": index, **fields} if index is not None else fields]}


def call(id: str | None, name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"id": id, "type": "function", "function": function} if id else {"function": function}


CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "text": (
        [chunk({"role": "assistant", "content": ""}), chunk({"content": "a"}), chunk({"content": "b"})],
        [{"role": "assistant", "content": "ab"}],
    ),
    "refusal": (
        [chunk({"refusal": "I "}), chunk({"refusal": "won't"})],
        [{"role": "assistant", "content": None, "refusal": "I won't"}],
    ),
    "reasoning of other servers": (
        [chunk({"reasoning_content": "so"}), chunk({"reasoning_content": "…", "content": "x"})],
        [{"role": "assistant", "content": "x", "reasoning_content": "so…"}],
    ),
    "a tool call in parts": (
        [
            chunk({"role": "assistant", "content": None, **tool(0, **call("c1", "weather", ""))}),
            chunk(tool(0, function={"arguments": '{"city":'})),
            chunk(tool(0, function={"arguments": '"Rome"}'})),
        ],
        [{"role": "assistant", "content": None, "tool_calls": [call("c1", "weather", '{"city":"Rome"}')]}],
    ),
    "several tool calls in one chunk, interleaved": (
        [
            chunk(
                {"tool_calls": [{"index": 0, **call("c1", "a", "1")}, {"index": 1, **call("c2", "b", "2")}]}
            ),
            chunk(
                {
                    "tool_calls": [
                        {"index": 1, "function": {"arguments": "3"}},
                        {"index": 0, "function": {"arguments": "4"}},
                    ]
                }
            ),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [call("c1", "a", "14"), call("c2", "b", "23")],
            }
        ],
    ),
    "id and name repeated in every part": (
        [chunk(tool(0, **call("c1", "a", "1"))), chunk(tool(0, **call("c1", "a", "2")))],
        [{"role": "assistant", "content": None, "tool_calls": [call("c1", "a", "12")]}],
    ),
    "tool calls without an index": (
        [
            chunk(tool(None, **call("c1", "a", "1"))),
            chunk(tool(None, function={"arguments": "2"})),
            chunk(tool(None, **call("c2", "b", "3"))),
        ],
        [{"role": "assistant", "content": None, "tool_calls": [call("c1", "a", "12"), call("c2", "b", "3")]}],
    ),
    "malformed arguments stay as they are": (
        [chunk(tool(0, **call("c1", "a", '{"ci')))],
        [{"role": "assistant", "content": None, "tool_calls": [call("c1", "a", '{"ci')]}],
    ),
    "audio": (
        [
            chunk({"audio": {"id": "a1", "transcript": "Hel"}}),
            chunk({"audio": {"id": "a1", "transcript": "lo", "expires_at": 5}}),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "audio": {"id": "a1", "transcript": "Hello", "expires_at": 5},
            }
        ],
    ),
    "annotations": (
        [chunk({"annotations": [{"type": "url_citation"}]}), chunk({"annotations": [{"type": "other"}]})],
        [
            {
                "role": "assistant",
                "content": None,
                "annotations": [{"type": "url_citation"}, {"type": "other"}],
            }
        ],
    ),
    "choices out of order": (
        [chunk({"content": "second"}, index=1), chunk({"content": "first"}, index=0)],
        [{"role": "assistant", "content": "first"}, {"role": "assistant", "content": "second"}],
    ),
    "nothing": ([], []),
    "chunks of another shape": (
        [
            {"choices": None},
            {"choices": "x"},
            {"choices": [None, 5, {"delta": None}, {"delta": "x", "index": "y"}]},
            {},
        ],
        [{"role": "assistant", "content": None}],
    ),
    "deltas of another type": (
        [
            chunk({"content": 5, "tool_calls": "x", "audio": []}),
            chunk({"content": "a", "audio": {"id": "b"}}),
        ],
        [{"role": "assistant", "content": "a", "audio": {"id": "b"}}],
    ),
}


@pytest.mark.parametrize("form", ["plain", "models"])
@pytest.mark.parametrize(("chunks", "messages"), CASES.values(), ids=CASES.keys())
def test_messages(chunks: list[Any], messages: list[Any], form: str) -> None:
    accumulator = ChatAccumulator()
    for one in chunks:
        accumulator.add(one if form == "plain" else ChatCompletionChunk.construct(**one))
    assert [choice["message"] for choice in accumulator.response()["choices"]] == messages


def test_the_rest_of_an_answer() -> None:
    accumulator = ChatAccumulator()
    token = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}
    usage = {"prompt_tokens": 1}
    first = chunk({"content": "a"})
    first["choices"][0]["logprobs"] = {"content": [token], "refusal": None}
    for one in (first, first, chunk({}, finish_reason="length"), chunk(usage=usage)):
        accumulator.add(one)
    assert accumulator.response() == {
        "id": "chatcmpl-1",
        "model": "gpt-4o-mini-2024-07-18",
        "usage": usage,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "aa"},
                "logprobs": {"content": [token, token]},
                "finish_reason": "length",
            }
        ],
    }


@given(st.lists(st.lists(st.text(max_size=4), max_size=5), max_size=4), st.data())
def test_any_cut_and_order_between_choices_gives_the_same_texts(
    parts: list[list[str]], data: st.DataObject
) -> None:
    waiting = [(index, list(own)) for index, own in enumerate(parts) if own]
    expected = ["".join(own) for own in parts if own]
    accumulator = ChatAccumulator()
    while waiting:
        index, own = data.draw(st.sampled_from(waiting))
        accumulator.add(chunk({"content": own.pop(0)}, index=index))
        waiting = [one for one in waiting if one[1]]
    assert [choice["message"]["content"] for choice in accumulator.response()["choices"]] == expected
