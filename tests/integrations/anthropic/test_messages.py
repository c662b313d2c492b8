"""What a message says, read off plain JSON and off the client's own objects."""

from typing import Any

import pytest
from anthropic.types import Message, TextBlock, ToolUseBlock

from fake_anthropic import MODEL, USAGE, message, text, tool_use
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.anthropic._messages import MESSAGES, answered, conversation

ANSWER = message("Let me see.", tool_use(city="Rome"), stop_reason="tool_use")
TOLD = Description(
    output={
        "role": "assistant",
        "content": [text("Let me see."), tool_use(city="Rome")],
        "stop_reason": "tool_use",
    },
    metadata={"model": MODEL},
    more={"id": "msg_1", "type": "message", "usage": USAGE},
    metrics={
        "tokens": 12,
        "prompt_tokens": 5,
        "completion_tokens": 7,
        "prompt_cached_tokens": 0,
        "prompt_cache_creation_tokens": 0,
    },
    attributes={
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": MODEL,
        "gen_ai.response.finish_reasons": ["tool_use"],
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
    },
)


@pytest.mark.parametrize("answer", [ANSWER, Message.construct(**ANSWER)], ids=["plain", "model"])
def test_response(answer: Any) -> None:
    assert MESSAGES.response(answer) == TOLD


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"content": None, "usage": None, "model": ""}])
def test_a_response_that_says_nothing(answer: Any) -> None:
    assert MESSAGES.response(answer) == Description()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"type": "overloaded_error", "message": "Overloaded"}, "overloaded_error: Overloaded"),
        ({"type": "api_error", "message": None}, "api_error"),
        ({}, None),
        ("no", None),
    ],
)
def test_an_error_that_is_reported_and_not_raised(error: Any, told: str | None) -> None:
    assert MESSAGES.response({"error": error}) == Description(error=told)


def test_the_sequence_that_ended_the_answer_is_told() -> None:
    answer = message("a", stop_reason="stop_sequence", stop_sequence="END")
    assert answered(answer) == {
        "role": "assistant",
        "content": [text("a")],
        "stop_reason": "stop_sequence",
        "stop_sequence": "END",
    }


def test_what_the_client_has_parsed_is_not_part_of_the_answer() -> None:
    block = TextBlock.construct(type="text", text="5", parsed_output=5)
    assert answered({"role": "assistant", "content": [block]}) == {
        "role": "assistant",
        "content": [{"type": "text", "text": "5"}],
    }


@pytest.mark.parametrize("is_streamed", [True, False])
def test_request(is_streamed: bool) -> None:
    messages = [{"role": "user", "content": "hi"}]
    body = {"model": "m", "messages": messages, "system": "Be brief.", "top_k": 1, "stream": is_streamed}
    request = Request(body=body)
    assert MESSAGES.request(request) == Description(
        input=[*messages, {"role": "system", "content": "Be brief."}],
        metadata={"model": "m"},
        more={"top_k": 1, "stream": is_streamed},
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"},
    )
    name = "anthropic.messages.stream" if is_streamed else "anthropic.messages.create"
    assert MESSAGES.span_name_of is not None
    assert MESSAGES.span_name_of(request) == name


def test_a_request_that_says_nothing() -> None:
    assert MESSAGES.request(Request(body={})) == Description(attributes={"gen_ai.operation.name": "chat"})


BLOCKS = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
HI: dict[str, Any] = {"role": "user", "content": "hi"}
CONVERSATIONS: dict[str, tuple[dict[str, Any], Any]] = {
    "no system prompt": ({"messages": [HI]}, [HI]),
    "an empty one": ({"messages": [HI], "system": ""}, [HI]),
    "of blocks": ({"messages": (HI,), "system": BLOCKS}, [HI, {"role": "system", "content": BLOCKS}]),
    "alone": ({"system": "a"}, [{"role": "system", "content": "a"}]),
    "answers sent back": (
        {
            "messages": [
                HI,
                {"role": "assistant", "content": [TextBlock.construct(type="text", text="a"), text("b")]},
                Message.construct(role="assistant", content=[ToolUseBlock.construct(**tool_use(a=1))]),
            ]
        },
        [
            HI,
            {"role": "assistant", "content": [text("a"), text("b")]},
            {"role": "assistant", "content": [tool_use(a=1)]},
        ],
    ),
    "no list": ({"messages": "hi"}, "hi"),
    "no list, with a system prompt": (
        {"messages": "hi", "system": "a"},
        ["hi", {"role": "system", "content": "a"}],
    ),
    "other types": ({"messages": [5, None]}, [5, None]),
}


@pytest.mark.parametrize(("body", "told"), CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_conversation(body: dict[str, Any], told: Any) -> None:
    assert conversation(body) == told
