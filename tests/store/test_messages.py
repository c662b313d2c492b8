"""Messages of parts are told as those of a chat, whatever they are made of."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.store._messages import chat_messages, choices, function_tools, has_parts, system_message

pytestmark = pytest.mark.core


def message(*parts: Any, role: str = "user", **fields: Any) -> dict[str, Any]:
    return {"role": role, "parts": list(parts), **fields}


TEXT = {"type": "text", "content": "hi"}

TOLD: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "text": (message(TEXT), [{"role": "user", "content": "hi"}]),
    "text in two parts": (message(TEXT, TEXT), [{"role": "user", "content": "hihi"}]),
    "a part that is text": (message("hi"), [{"role": "user", "content": "hi"}]),
    "nothing": (message(), [{"role": "user", "content": None}]),
    "a name": (message(TEXT, name="Ann"), [{"role": "user", "content": "hi", "name": "Ann"}]),
    "inline image": (
        message(TEXT, {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "AA=="}),
        [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "hi"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                ],
            }
        ],
    ),
    "image elsewhere": (
        message({"type": "uri", "modality": "image", "uri": "https://example.com/a"}),
        [
            {
                "role": "user",
                "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a"}}],
            }
        ],
    ),
    "Pydantic AI's image": (
        message({"type": "image-url", "url": "https://example.com/a"}),
        [
            {
                "role": "user",
                "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a"}}],
            }
        ],
    ),
    "Pydantic AI's binary": (
        message({"type": "binary", "media_type": "application/pdf", "content": "AA=="}),
        [
            {
                "role": "user",
                "content": [{"type": "file", "file": {"file_data": "data:application/pdf;base64,AA=="}}],
            }
        ],
    ),
    "what nobody knows": (
        message({"type": "file", "file_id": "f1"}),
        [{"role": "user", "content": [{"type": "file", "file_id": "f1"}]}],
    ),
    "thoughts and calls": (
        message(
            {"type": "reasoning", "content": "hm"},
            {"type": "tool_call", "id": "c1", "name": "add", "arguments": '{ "a":2}'},
            {"type": "tool_call", "id": "c2", "name": "now"},
            role="assistant",
        ),
        [
            {
                "role": "assistant",
                "content": None,
                "reasoning": "hm",
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{ "a":2}'}},
                    {"id": "c2", "type": "function", "function": {"name": "now", "arguments": "{}"}},
                ],
            }
        ],
    ),
    "answers of tools": (
        message(
            {"type": "tool_call_response", "id": "c1", "response": {"sum": 5}},
            {"type": "tool_call_response", "id": "c2", "result": "noon"},
            {"type": "tool_call_response", "id": "c3"},
            role="tool",
        ),
        [
            {"role": "tool", "tool_call_id": "c1", "content": '{"sum":5}'},
            {"role": "tool", "tool_call_id": "c2", "content": "noon"},
            {"role": "tool", "tool_call_id": "c3", "content": ""},
        ],
    ),
    "an answer of a tool, and more": (
        message({"type": "tool_call_response", "id": "c1", "response": "5"}, TEXT),
        [{"role": "tool", "tool_call_id": "c1", "content": "5"}, {"role": "user", "content": "hi"}],
    ),
}


@pytest.mark.parametrize(("given", "told"), TOLD.values(), ids=TOLD)
def test_a_message(given: dict[str, Any], told: list[dict[str, Any]]) -> None:
    assert has_parts([given])
    assert chat_messages([given]) == told


def test_answers_are_choices() -> None:
    answers = [message(TEXT, role="assistant", finish_reason="stop"), message(role="assistant")]
    assert choices(answers) == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}},
        {"index": 1, "finish_reason": None, "message": {"role": "assistant", "content": None}},
    ]


@pytest.mark.parametrize(
    ("instructions", "content"), [("be", "be"), ([TEXT], "hi"), (None, None), ([], None), ("", None)]
)
def test_instructions_are_a_message_of_the_systems(instructions: Any, content: str | None) -> None:
    told = system_message(instructions)
    assert told == (None if content is None else {"role": "system", "content": content})


@pytest.mark.parametrize("messages", [None, "hi", [], [{"role": "user", "content": "hi"}], [message(), 7]])
def test_what_is_of_another_shape(messages: Any) -> None:
    assert not has_parts(messages)


def test_tools_that_are_no_list_stay_as_they_are() -> None:
    assert function_tools({"a": 1}) == {"a": 1}
    assert function_tools([7, {"type": "function"}]) == [7, {"type": "function"}]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["role", "parts", "type", "content", "arguments", "response", "mime_type", "uri"]
            ),
            inner | st.sampled_from(["text", "tool_call", "tool_call_response", "blob", "reasoning"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(anything=ANYTHING)
def test_nothing_is_too_strange(anything: Any) -> None:
    has_parts(anything)
    for given_messages in (anything, [anything], [{"role": anything, "parts": [anything]}]):
        chat_messages(given_messages)
        choices(given_messages)
    system_message(anything)
    function_tools(anything)
