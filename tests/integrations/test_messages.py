"""Every provider's shape of messages in that of OpenTelemetry's conventions, which is written out here."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.integrations._messages import input_messages, output_messages

pytestmark = pytest.mark.core


def said(role: str, *parts: Any, **fields: Any) -> dict[str, Any]:
    return {"role": role, "parts": list(parts), **fields}


def spoken(content: str) -> dict[str, Any]:
    return {"type": "text", "content": content}


CALL = {"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Rome"}}
UNNAMED_CALL = {"type": "tool_call", "name": "weather", "arguments": {"city": "Rome"}}
RESULT = {"type": "tool_call_response", "id": "c1", "response": "sunny"}
THOUGHT = {"type": "reasoning", "content": "hm"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}

INPUTS: dict[str, tuple[Any, list[Any]]] = {
    "nothing": (None, []),
    "text": ("hi", [said("user", spoken("hi"))]),
    "chat": (
        [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [{"type": "text", "text": "hi"}, IMAGE]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "weather", "arguments": '{"city": "Rome"}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
        ],
        [
            said("system", spoken("be brief")),
            said("user", spoken("hi"), IMAGE),
            said("assistant", CALL),
            said("tool", RESULT),
        ],
    ),
    "responses": (
        [
            {"role": "user", "content": [{"type": "input_text", "text": "hi"}]},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Rome"}'},
            {"type": "function_call_output", "call_id": "c1", "output": "sunny"},
        ],
        [said("user", spoken("hi")), said("user", THOUGHT), said("user", CALL), said("user", RESULT)],
    ),
    "anthropic": (
        [
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}]},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Rome"}}],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "sunny"}],
            },
        ],
        [said("assistant", THOUGHT), said("assistant", CALL), said("user", RESULT)],
    ),
    "google": (
        {
            "model": "gemini",
            "contents": [
                {"role": "user", "parts": [{"text": "hi"}]},
                {"role": "model", "parts": [{"functionCall": {"name": "weather", "args": {"city": "Rome"}}}]},
                {
                    "role": "user",
                    "parts": [{"function_response": {"id": "c1", "name": "weather", "response": "sunny"}}],
                },
            ],
        },
        [said("user", spoken("hi")), said("assistant", UNNAMED_CALL), said("user", RESULT)],
    ),
    "bedrock": (
        [
            {"role": "user", "content": [{"text": "hi"}]},
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": "Rome"}}}],
            },
            {"role": "user", "content": [{"toolResult": {"toolUseId": "c1", "content": "sunny"}}]},
        ],
        [said("user", spoken("hi")), said("assistant", CALL), said("user", RESULT)],
    ),
    "bedrock, with types": (
        [
            {"role": "system", "content": [{"type": "text", "text": "be brief"}]},
            {
                "role": "assistant",
                "content": [
                    {
                        "type": "reasoning",
                        "reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}},
                    },
                    {
                        "type": "tool_use",
                        "toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": "Rome"}},
                    },
                ],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "toolResult": {"toolUseId": "c1", "content": "sunny"}}],
            },
        ],
        [
            said("system", spoken("be brief")),
            {"role": "assistant", "parts": [THOUGHT, CALL]},
            said("user", RESULT),
        ],
    ),
    "arguments that are no JSON": (
        [{"role": "assistant", "tool_calls": [{"type": "function", "function": {"arguments": "{"}}]}],
        [said("assistant", {"type": "tool_call", "name": None, "arguments": "{"})],
    ),
}

OUTPUTS: dict[str, tuple[Any, list[Any]]] = {
    "chat": (
        [{"index": 0, "message": {"role": "assistant", "content": "ho"}, "finish_reason": "stop"}],
        [said("assistant", spoken("ho"), finish_reason="stop")],
    ),
    "responses": (
        [
            {"type": "reasoning", "summary": []},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "ho"}]},
        ],
        [said("assistant", {"type": "reasoning", "content": ""}), said("assistant", spoken("ho"))],
    ),
    "anthropic": (
        {"role": "assistant", "content": [{"type": "text", "text": "ho"}], "stop_reason": "end_turn"},
        [said("assistant", spoken("ho"), finish_reason="end_turn")],
    ),
    "google": (
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "ho"}]}, "finishReason": "STOP"}]},
        [said("assistant", spoken("ho"), finish_reason="STOP")],
    ),
}


@pytest.mark.parametrize("name", INPUTS)
def test_input(name: str) -> None:
    given_value, messages = INPUTS[name]
    assert input_messages(given_value) == messages


@pytest.mark.parametrize("name", OUTPUTS)
def test_output(name: str) -> None:
    given_value, messages = OUTPUTS[name]
    assert output_messages(given_value) == messages


NAMES = st.sampled_from(
    ["role", "content", "parts", "type", "text", "message", "candidates", "tool_calls", "x"]
)
HOSTILE = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["tool_use", "function", "reasoning"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


@given(HOSTILE)
def test_any_value_has_messages(value: Any) -> None:
    for messages in (input_messages(value), output_messages(value)):
        assert all(set(message) <= {"role", "parts", "finish_reason"} for message in messages)
