"""Chunks of a stream merge into what a whole answer would be, however servers cut and repeat them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai._models import construct_type
from openai.types.chat import ChatCompletionChunk

from fake_openai import chunk
from spanscore.integrations._plain import plain
from spanscore.integrations.openai._chat_stream import ChatAccumulator


def tool(index: int | None, **fields: Any) -> dict[str, Any]:
    """A delta with one part of a tool call."""
    return {"tool_calls": [{"index": index, **fields} if index is not None else fields]}


def call(id: str | None, name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"id": id, "type": "function", "function": function} if id else {"function": function}


def detail(text: str, index: int | None) -> dict[str, Any]:
    return {"type": "reasoning.text", "text": text, "format": "anthropic-claude-v1", "index": index}


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
    "audio in parts that are encoded each for itself": (
        [
            chunk({"audio": {"id": "a1", "data": "AQI="}}),
            chunk({"audio": {"data": "AwQ="}}),
            chunk({"audio": {"data": "BQY="}}),
        ],
        [{"role": "assistant", "content": None, "audio": {"id": "a1", "data": "AQIDBAUG"}}],
    ),
    "audio that is one text in parts": (
        [chunk({"audio": {"data": "AQID"}}), chunk({"audio": {"data": "BA=="}})],
        [{"role": "assistant", "content": None, "audio": {"data": "AQIDBA=="}}],
    ),
    "audio that is no base64": (
        [chunk({"audio": {"data": "A="}}), chunk({"audio": {"data": "?"}})],
        [{"role": "assistant", "content": None, "audio": {"data": "A=?"}}],
    ),
    "a function call from before tools": (
        [
            chunk({"role": "assistant", "content": None, "function_call": {"name": "weather"}}),
            chunk({"function_call": {"name": "weather", "arguments": '{"city":'}}),
            chunk({"function_call": {"arguments": '"Rome"}'}}),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "function_call": {"name": "weather", "arguments": '{"city":"Rome"}'},
            }
        ],
    ),
    "a custom tool call": (
        [
            chunk(tool(0, id="c1", type="custom", custom={"name": "shell", "input": ""})),
            chunk(tool(0, custom={"input": "ls"})),
            chunk(tool(0, custom={"input": " -l"})),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "custom", "custom": {"name": "shell", "input": "ls -l"}}],
            }
        ],
    ),
    "reasoning details, with their type and format in every part": (
        [
            chunk({"reasoning": "so", "reasoning_details": [detail("so", 0)]}),
            chunk({"reasoning": " it", "reasoning_details": [detail(" it", 0)]}),
            chunk({"reasoning_details": [{**detail("", 0), "signature": "s"}, detail("is", 1)]}),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "reasoning": "so it",
                "reasoning_details": [{**detail("so it", 0), "signature": "s"}, detail("is", 1)],
            }
        ],
    ),
    "reasoning details without an index": (
        [
            chunk({"reasoning_details": [detail("a", None), 5]}),
            chunk({"reasoning_details": [detail("b", None)]}),
        ],
        [
            {
                "role": "assistant",
                "content": None,
                "reasoning_details": [detail("a", None), 5, detail("b", None)],
            }
        ],
    ),
    "content that is a list, then text": (
        [
            chunk({"content": ""}),
            chunk({"content": [{"type": "thinking", "thinking": []}]}),
            chunk({"content": "an"}),
            chunk({"content": "swer"}),
        ],
        [
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": "answer"}],
            }
        ],
    ),
    "content that is text, then a list": (
        [chunk({"content": "a"}), chunk({"content": [{"type": "reference"}]})],
        [{"role": "assistant", "content": [{"type": "text", "text": "a"}, {"type": "reference"}]}],
    ),
    "null beside the content": (
        [chunk({"content": "a"}), chunk({"content": "b", "role": None, "tool_calls": None, "refusal": None})],
        [{"role": "assistant", "content": "ab"}],
    ),
    "the role in every chunk": (
        [chunk({"role": "assistant", "content": "a"}), chunk({"role": "assistant", "content": "b"})],
        [{"role": "assistant", "content": "ab"}],
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


def construct(one: dict[str, Any]) -> Any:
    """The client's own object, as it makes them of what it receives."""
    return construct_type(type_=ChatCompletionChunk, value=one)


@pytest.mark.parametrize("form", ["plain", "models"])
@pytest.mark.parametrize(("chunks", "messages"), CASES.values(), ids=CASES.keys())
def test_messages(chunks: list[Any], messages: list[Any], form: str) -> None:
    accumulator = ChatAccumulator()
    for one in chunks:
        accumulator.add(one if form == "plain" else construct(one))
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
        "created": 1,
        "usage": usage,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "aa"},
                "logprobs": {"content": [token, token], "refusal": None},
                "finish_reason": "length",
            }
        ],
    }


@pytest.mark.parametrize("form", ["plain", "models"])
def test_usage_is_the_last_that_was_reported(form: str) -> None:
    accumulator = ChatAccumulator()
    reported = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    last = {**reported, "completion_tokens": 2, "total_tokens": 3}
    for one in (chunk({"content": "a"}, usage=reported), chunk({"content": "b"}, usage=last), chunk()):
        accumulator.add(one if form == "plain" else construct(one))
    told = accumulator.response()
    assert told["choices"][0]["message"]["content"] == "ab"
    assert plain(told["usage"]) == last


@pytest.mark.parametrize("form", ["plain", "models"])
def test_usage_in_groqs_own_place(form: str) -> None:
    accumulator = ChatAccumulator()
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    last = chunk({}, finish_reason="stop", x_groq={"id": "req_1", "usage": usage})
    for one in (chunk({"content": "a"}, x_groq={"id": "req_1"}), last):
        accumulator.add(one if form == "plain" else construct(one))
    assert accumulator.response()["usage"] == usage


def test_the_model_is_told_by_a_later_chunk() -> None:
    accumulator = ChatAccumulator()
    first = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}
    for one in (first, chunk({"content": "a"})):
        accumulator.add(construct(one))
    told = accumulator.response()
    assert (told["id"], told["model"]) == ("chatcmpl-1", "gpt-4o-mini-2024-07-18")


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
