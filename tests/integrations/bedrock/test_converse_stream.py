"""Events put together have the shape of a whole answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_bedrock import Event, delta, events, started
from spanscore.integrations.bedrock._converse import CONVERSE_STREAM
from spanscore.integrations.bedrock._converse_stream import ConverseAccumulator

STOPPED: Event = ("contentBlockStop", {"contentBlockIndex": 0})
CITATION = {"title": "t", "location": {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}}

STREAMS: dict[str, tuple[list[Event], list[Any]]] = {
    "text": ([delta(0, text="a"), delta(0, text=""), delta(0, text="b"), STOPPED], [{"text": "ab"}]),
    "a tool's arguments": (
        [
            started(0, toolUse={"toolUseId": "t", "name": "f"}),
            delta(0, toolUse={"input": '{"a"'}),
            delta(0, toolUse={"input": ": 1}"}),
        ],
        [{"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": 1}}}],
    ),
    "a tool without arguments": (
        [started(0, toolUse={"toolUseId": "t", "name": "f"})],
        [{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}],
    ),
    "arguments that break off": (
        [started(0, toolUse={"toolUseId": "t", "name": "f"}), delta(0, toolUse={"input": '{"a'})],
        [{"toolUse": {"toolUseId": "t", "name": "f", "input": '{"a'}}],
    ),
    "parallel tools after text": (
        [
            delta(0, text="so"),
            started(1, toolUse={"toolUseId": "t1", "name": "f"}),
            started(2, toolUse={"toolUseId": "t2", "name": "g", "type": "server_tool_use"}),
            delta(2, toolUse={"input": "[2]"}),
            delta(1, toolUse={"input": "[1]"}),
        ],
        [
            {"text": "so"},
            {"toolUse": {"toolUseId": "t1", "name": "f", "input": [1]}},
            {"toolUse": {"toolUseId": "t2", "name": "g", "type": "server_tool_use", "input": [2]}},
        ],
    ),
    "reasoning": (
        [
            delta(0, reasoningContent={"text": "h"}),
            delta(0, reasoningContent={"text": "m"}),
            delta(0, reasoningContent={"signature": "sig"}),
            delta(1, text="9"),
        ],
        [{"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}}, {"text": "9"}],
    ),
    "reasoning that is not shown": (
        [
            delta(0, reasoningContent={"redactedContent": b"ab"}),
            delta(0, reasoningContent={"redactedContent": b"c"}),
        ],
        [{"reasoningContent": {"redactedContent": b"abc"}}],
    ),
    "citations": (
        [delta(0, text="a"), delta(0, citation=CITATION), delta(0, text="b"), delta(0, citation=CITATION)],
        [{"citationsContent": {"content": [{"text": "ab"}], "citations": [CITATION, CITATION]}}],
    ),
    "an image": (
        [
            started(0, image={"format": "png"}),
            delta(0, image={"source": {"bytes": b"\x89P"}}),
            delta(0, image={"source": {"bytes": b"NG"}}),
        ],
        [{"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}],
    ),
    "the result of a tool of AWS's": (
        [
            started(0, toolResult={"toolUseId": "t", "status": "success", "type": "x"}),
            delta(0, toolResult=[{"text": "a"}]),
            delta(0, toolResult=[{"json": {"b": 1}}]),
        ],
        [
            {
                "toolResult": {"toolUseId": "t", "status": "success", "type": "x"}
                | {"content": [{"text": "a"}, {"json": {"b": 1}}]}
            }
        ],
    ),
    "what is newer than botocore": (
        [delta(0, SDK_UNKNOWN_MEMBER={"name": "hologram"})],
        [{"SDK_UNKNOWN_MEMBER": {"name": "hologram"}}],
    ),
    "nothing": ([], []),
}


def put_together(stream: list[Event]) -> Any:
    accumulator = ConverseAccumulator()
    for name, payload in stream:
        accumulator.add({name: payload})
    return accumulator.response()


@pytest.mark.parametrize("name", STREAMS)
def test_events_become_a_whole_answer(name: str) -> None:
    parts, content = STREAMS[name]
    assert put_together(events(*parts, stop_reason="max_tokens", cacheReadInputTokens=3)) == {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "max_tokens",
        "usage": {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12, "cacheReadInputTokens": 3},
        "metrics": {"latencyMs": 321},
    }


def test_what_has_come_of_a_stream_that_broke_off_can_be_told() -> None:
    assert put_together(events(delta(0, text="a"))[:2]) == {
        "output": {"message": {"role": "assistant", "content": [{"text": "a"}]}}
    }


def test_a_response_may_be_asked_for_in_between() -> None:
    accumulator = ConverseAccumulator()
    accumulator.add(dict([delta(0, text="a")]))
    accumulator.response()
    accumulator.add(dict([delta(0, text="b")]))
    assert accumulator.response()["output"]["message"]["content"] == [{"text": "ab"}]


NAMES = [
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "messageStop",
    "metadata",
    "delta",
    "start",
]
FIELDS = [
    "contentBlockIndex",
    "text",
    "toolUse",
    "input",
    "reasoningContent",
    "citation",
    "usage",
    "role",
    "name",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=3) | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES + FIELDS), inner, max_size=3)
    ),
    max_leaves=6,
)
CHUNKS = VALUES | st.fixed_dictionaries(
    {
        "contentBlockDelta": st.fixed_dictionaries(
            {
                "delta": st.dictionaries(st.sampled_from(FIELDS), VALUES),
                "contentBlockIndex": st.integers(0, 1),
            }
        )
    }
)


@given(st.lists(CHUNKS, max_size=5))
def test_hostile_events_can_be_told(chunks: list[Any]) -> None:
    accumulator = ConverseAccumulator()
    for chunk in chunks:
        accumulator.add(chunk)
    CONVERSE_STREAM.response(accumulator.response())
