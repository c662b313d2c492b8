"""What a chat completion says, read off plain JSON and off the client's own objects."""

from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from fake_openai import completion
from spanscore.instrument._endpoint import Description, Request
from spanscore.instrument.openai._chat import CHAT_COMPLETIONS as CHAT

ANSWER = completion("a", "b")
TOLD = Description(
    output=ANSWER["choices"],
    metadata={"model": "gpt-4o-mini-2024-07-18"},
    more={"id": "chatcmpl-1", "object": "chat.completion", "created": 1},
    metrics={"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
    attributes={
        "gen_ai.response.id": "chatcmpl-1",
        "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.response.finish_reasons": ["stop", "stop"],
        "gen_ai.usage.input_tokens": 5,
        "gen_ai.usage.output_tokens": 7,
    },
)


@pytest.mark.parametrize("answer", [ANSWER, ChatCompletion.construct(**ANSWER)], ids=["plain", "model"])
def test_response(answer: Any) -> None:
    assert CHAT.response(answer) == TOLD


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"choices": None, "usage": None, "model": ""}])
def test_a_response_that_says_nothing(answer: Any) -> None:
    assert CHAT.response(answer) == Description()


def test_request() -> None:
    messages = [{"role": "user", "content": "hi"}]
    assert CHAT.request(Request(body={"model": "m", "messages": messages, "seed": 1})) == Description(
        input=messages,
        metadata={"model": "m"},
        more={"seed": 1},
        attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"},
    )


def test_a_request_that_says_nothing() -> None:
    assert CHAT.request(Request(body={})) == Description(attributes={"gen_ai.operation.name": "chat"})
