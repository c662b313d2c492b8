"""LangChain's messages are told in OpenAI's shape."""

import json
from typing import Any

import pytest
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.messages.tool import invalid_tool_call, tool_call

from spanscore.integrations.langchain._messages import message_of, messages_of

CALL = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2}'}}

SIMPLE: list[tuple[BaseMessage, dict[str, Any]]] = [
    (HumanMessage("hi"), {"role": "user", "content": "hi"}),
    (HumanMessage("hi", name="Ann"), {"role": "user", "content": "hi", "name": "Ann"}),
    (SystemMessage("be"), {"role": "system", "content": "be"}),
    (
        SystemMessage("be", additional_kwargs={"__openai_role__": "developer"}),
        {"role": "developer", "content": "be"},
    ),
    (AIMessage("ho"), {"role": "assistant", "content": "ho"}),
    (AIMessageChunk(content="ho"), {"role": "assistant", "content": "ho"}),
    (AIMessage(""), {"role": "assistant", "content": None}),
    (
        AIMessage("", additional_kwargs={"refusal": "no"}),
        {"role": "assistant", "content": None, "refusal": "no"},
    ),
    (ToolMessage("5", tool_call_id="c1"), {"role": "tool", "content": "5", "tool_call_id": "c1"}),
    (FunctionMessage(content="5", name="add"), {"role": "function", "content": "5", "name": "add"}),
    (ChatMessage(content="hi", role="critic"), {"role": "critic", "content": "hi"}),
]


@pytest.mark.parametrize(("message", "told"), SIMPLE, ids=lambda value: type(value).__name__)
def test_roles_and_content(message: BaseMessage, told: dict[str, Any]) -> None:
    assert message_of(message) == told


def test_tool_calls_are_as_the_provider_sent_them_where_that_is_kept() -> None:
    sent = {**CALL, "function": {"name": "add", "arguments": '{ "a":2}'}}
    message = AIMessage("", additional_kwargs={"tool_calls": [{**sent, "index": 0}]})
    assert message_of(message)["tool_calls"] == [sent]


def test_tool_calls_that_were_read_are_encoded_again() -> None:
    message = AIMessage(
        "on it",
        tool_calls=[tool_call(name="add", args={"a": 2}, id="c1")],
        invalid_tool_calls=[invalid_tool_call(name="add", args='{"a":', id="c2", error="cut")],
    )
    first, second = message_of(message)["tool_calls"]
    assert {**first, "function": {**first["function"], "arguments": '{"a": 2}'}} == CALL
    assert json.loads(first["function"]["arguments"]) == {"a": 2}
    assert second["function"] == {"name": "add", "arguments": '{"a":'}


def test_anthropic_says_a_call_twice_which_is_told_once() -> None:
    content: list[Any] = [
        {"type": "text", "text": "I add."},
        {"type": "tool_use", "id": "c1", "name": "add", "input": {"a": 2}},
    ]
    message = AIMessage(content, tool_calls=[tool_call(name="add", args={"a": 2}, id="c1")])
    told = message_of(message)
    assert told["content"] == "I add."
    assert [call["id"] for call in told["tool_calls"]] == ["c1"]


def test_what_is_no_message_stays_as_it_is() -> None:
    assert messages_of([HumanMessage("hi"), {"role": "user"}, None]) == [
        {"role": "user", "content": "hi"},
        {"role": "user"},
        None,
    ]
    assert messages_of("hi") == []
