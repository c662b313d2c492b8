"""Calls of Anthropic's clients."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from inspect import isawaitable
from typing import Any

from anthropic import Anthropic, AsyncAnthropic, DefaultAsyncHttpxClient, DefaultHttpxClient

from end_to_end.calls import Form, Patience

SYSTEM = "Be brief."
ASKED: Any = {
    "model": "claude-sonnet-4-6",
    "max_tokens": 99,
    "messages": [{"role": "user", "content": "Say something"}],
    "system": SYSTEM,
}
TOOLS: Any = [
    {"name": "look_up", "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}}}
]


@asynccontextmanager
async def connect(url: str, patience: Patience) -> AsyncGenerator[Anthropic, None]:
    with Anthropic(
        api_key="none",
        base_url=url,
        timeout=patience.timeout_s,
        max_retries=patience.retries,
        http_client=DefaultHttpxClient(verify=False),
    ) as client:
        yield client


@asynccontextmanager
async def aconnect(url: str, patience: Patience) -> AsyncGenerator[AsyncAnthropic, None]:
    async with AsyncAnthropic(
        api_key="none",
        base_url=url,
        timeout=patience.timeout_s,
        max_retries=patience.retries,
        http_client=DefaultAsyncHttpxClient(verify=False),
    ) as client:
        yield client


async def _create(client: Anthropic) -> AsyncIterator[Any]:
    yield client.messages.create(**ASKED)


async def _acreate(client: AsyncAnthropic) -> AsyncIterator[Any]:
    yield await client.messages.create(**ASKED)


async def _raw(client: Anthropic) -> AsyncIterator[Any]:
    yield client.messages.with_raw_response.create(**ASKED).parse()


async def _araw(client: AsyncAnthropic) -> AsyncIterator[Any]:
    parsed: Any = (await client.messages.with_raw_response.create(**ASKED)).parse()
    # Old versions give the message itself.
    yield await parsed if isawaitable(parsed) else parsed


async def _opened(client: Anthropic) -> AsyncIterator[Any]:
    with client.messages.with_streaming_response.create(**ASKED) as response:
        yield response.parse()


async def _aopened(client: AsyncAnthropic) -> AsyncIterator[Any]:
    async with client.messages.with_streaming_response.create(**ASKED) as response:
        yield await response.parse()


async def _stream(client: Anthropic) -> AsyncIterator[Any]:
    for event in client.messages.create(**ASKED, stream=True):
        yield event


async def _astream(client: AsyncAnthropic) -> AsyncIterator[Any]:
    async for event in await client.messages.create(**ASKED, stream=True):
        yield event


async def _tool_stream(client: Anthropic) -> AsyncIterator[Any]:
    for event in client.messages.create(**ASKED, tools=TOOLS, tool_choice={"type": "any"}, stream=True):
        yield event


async def _helper(client: Anthropic) -> AsyncIterator[Any]:
    with client.messages.stream(**ASKED) as stream:
        for event in stream:
            yield event


async def _ahelper(client: AsyncAnthropic) -> AsyncIterator[Any]:
    async with client.messages.stream(**ASKED) as stream:
        async for event in stream:
            yield event


def _answer_text(answers: Sequence[Any]) -> str:
    return "".join(block.text for answer in answers for block in answer.content)


def _answer_tokens(answers: Sequence[Any]) -> int | None:
    used = [answer.usage.input_tokens + answer.usage.output_tokens for answer in answers]
    return used[-1] if used else None


def _event_text(events: Sequence[Any]) -> str:
    deltas = [event.delta for event in events if event.type == "content_block_delta"]
    return "".join(delta.text if delta.type == "text_delta" else delta.partial_json for delta in deltas)


def _event_tokens(events: Sequence[Any]) -> int | None:
    """None before the end: until then the output's tokens are those of its beginning."""
    started = [event.message.usage for event in events if event.type == "message_start"]
    ended = [event.usage for event in events if event.type == "message_delta"]
    return started[0].input_tokens + ended[-1].output_tokens if started and ended else None


def _recorded(output: Any) -> str:
    return "".join(_of_block(block) for block in output["content"])


def _of_block(block: Any) -> str:
    called = block.get("input", "")
    # As it was sent where it is no JSON yet; the mock writes JSON as Python does.
    return block.get("text", "") + (called if isinstance(called, str) else json.dumps(called))


_MESSAGE = Form(
    provider="anthropic",
    connect=connect,
    run=_create,
    text=_answer_text,
    tokens=_answer_tokens,
    recorded=_recorded,
    asked=lambda body: [*body["messages"], {"role": "system", "content": body["system"]}],
    is_plain=True,
    is_patient=True,
    is_known_to_fakellm=True,
)
_ASYNC = replace(_MESSAGE, connect=aconnect, run=_acreate)
_STREAM = replace(_MESSAGE, run=_stream, text=_event_text, tokens=_event_tokens, is_stream=True)
_HELPER = replace(_STREAM, run=_helper, is_plain=False, is_patient=False)

FORMS: dict[str, Form] = {
    "anthropic": _MESSAGE,
    "anthropic async": _ASYNC,
    "anthropic raw": replace(_MESSAGE, run=_raw, is_patient=False),
    "anthropic raw async": replace(_ASYNC, run=_araw, is_patient=False),
    "anthropic opened": replace(_MESSAGE, run=_opened, is_patient=False, is_read_later=True),
    "anthropic opened async": replace(_ASYNC, run=_aopened, is_patient=False, is_read_later=True),
    "anthropic stream": _STREAM,
    "anthropic stream async": replace(_STREAM, connect=aconnect, run=_astream),
    "anthropic stream of a tool call": replace(_STREAM, run=_tool_stream, is_plain=False, is_patient=False),
    "anthropic stream()": _HELPER,
    "anthropic stream() async": replace(_HELPER, connect=aconnect, run=_ahelper),
}
