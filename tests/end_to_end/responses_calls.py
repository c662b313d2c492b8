"""Calls of OpenAI's clients for a response."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from openai import AsyncOpenAI, OpenAI

from end_to_end.calls import Form
from end_to_end.openai_calls import aconnect, connect

ASKED: Any = {"model": "gpt-4o", "input": "Say something", "temperature": 0}
TOOLS: Any = [
    {
        "type": "function",
        "name": "look_up",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
    }
]
_DELTAS = ("response.output_text.delta", "response.function_call_arguments.delta")


async def _create(client: OpenAI) -> AsyncIterator[Any]:
    yield client.responses.create(**ASKED)


async def _acreate(client: AsyncOpenAI) -> AsyncIterator[Any]:
    yield await client.responses.create(**ASKED)


async def _stream(client: OpenAI) -> AsyncIterator[Any]:
    for event in client.responses.create(**ASKED, stream=True):
        yield event


async def _astream(client: AsyncOpenAI) -> AsyncIterator[Any]:
    async for event in await client.responses.create(**ASKED, stream=True):
        yield event


async def _tool_stream(client: OpenAI) -> AsyncIterator[Any]:
    for event in client.responses.create(**ASKED, tools=TOOLS, tool_choice="required", stream=True):
        yield event


async def _helper(client: OpenAI) -> AsyncIterator[Any]:
    with client.responses.stream(**ASKED) as stream:
        for event in stream:
            yield event


def _tokens(responses: Sequence[Any]) -> int | None:
    used = [response.usage.total_tokens for response in responses if response.usage]
    return used[-1] if used else None


def _event_tokens(events: Sequence[Any]) -> int | None:
    return _tokens([event.response for event in events if event.type == "response.completed"])


def _recorded(output: Any) -> str:
    return "".join(_of_item(item) for item in output)


def _of_item(item: Any) -> str:
    return item.get("arguments", "") + "".join(part["text"] for part in item.get("content", ()))


_RESPONSE = Form(
    provider="openai",
    connect=connect,
    run=_create,
    text=lambda responses: "".join(response.output_text for response in responses),
    tokens=_tokens,
    recorded=_recorded,
    asked=lambda body: body["input"],
    is_plain=True,
)
_STREAM = replace(
    _RESPONSE,
    run=_stream,
    text=lambda events: "".join(event.delta for event in events if event.type in _DELTAS),
    tokens=_event_tokens,
    has_token=lambda events: any(event.type in _DELTAS for event in events),
    is_stream=True,
)

FORMS: dict[str, Form] = {
    "openai response": _RESPONSE,
    "openai response async": replace(_RESPONSE, connect=aconnect, run=_acreate),
    "openai response stream": _STREAM,
    "openai response stream async": replace(_STREAM, connect=aconnect, run=_astream),
    "openai response stream of a tool call": replace(_STREAM, run=_tool_stream, is_plain=False),
    "openai response stream()": replace(_STREAM, run=_helper, is_plain=False),
}
