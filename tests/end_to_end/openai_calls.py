"""Calls of OpenAI's clients."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI
from openai.types.chat import ChatCompletionChunk
from pydantic import ValidationError

from end_to_end.calls import Form, Patience
from openai_forms import helpers

TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "look_up",
            "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
        },
    }
]
CHAT: Any = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Say something"}], "temperature": 0}
STREAMED: Any = {**CHAT, "stream": True, "stream_options": {"include_usage": True}}
OFFERING: Any = {**STREAMED, "tools": TOOLS, "tool_choice": "required"}


@asynccontextmanager
async def connect(url: str, patience: Patience) -> AsyncGenerator[OpenAI, None]:
    with OpenAI(
        api_key="none",
        base_url=url,
        timeout=patience.timeout_s,
        max_retries=patience.retries,
        http_client=DefaultHttpxClient(verify=False),
    ) as client:
        yield client


@asynccontextmanager
async def aconnect(url: str, patience: Patience) -> AsyncGenerator[AsyncOpenAI, None]:
    async with AsyncOpenAI(
        api_key="none",
        base_url=url,
        timeout=patience.timeout_s,
        max_retries=patience.retries,
        http_client=DefaultAsyncHttpxClient(verify=False),
    ) as client:
        yield client


async def _create(client: OpenAI) -> AsyncIterator[Any]:
    yield client.chat.completions.create(**CHAT)


async def _acreate(client: AsyncOpenAI) -> AsyncIterator[Any]:
    yield await client.chat.completions.create(**CHAT)


async def _raw(client: OpenAI) -> AsyncIterator[Any]:
    yield client.chat.completions.with_raw_response.create(**CHAT).parse()


async def _araw(client: AsyncOpenAI) -> AsyncIterator[Any]:
    yield (await client.chat.completions.with_raw_response.create(**CHAT)).parse()


async def _opened(client: OpenAI) -> AsyncIterator[Any]:
    with client.chat.completions.with_streaming_response.create(**CHAT) as response:
        yield response.parse()


async def _aopened(client: AsyncOpenAI) -> AsyncIterator[Any]:
    async with client.chat.completions.with_streaming_response.create(**CHAT) as response:
        yield await response.parse()


async def _stream(client: OpenAI) -> AsyncIterator[Any]:
    for chunk in client.chat.completions.create(**STREAMED):
        yield chunk


async def _astream(client: AsyncOpenAI) -> AsyncIterator[Any]:
    async for chunk in await client.chat.completions.create(**STREAMED):
        yield chunk


async def _tool_stream(client: OpenAI) -> AsyncIterator[Any]:
    with client.chat.completions.create(**OFFERING) as stream:
        for chunk in stream:
            yield chunk


async def _helper(client: OpenAI) -> AsyncIterator[Any]:
    with helpers(client).stream(**CHAT) as stream:
        for event in stream:
            yield event


async def _ahelper(client: AsyncOpenAI) -> AsyncIterator[Any]:
    async with helpers(client).stream(**CHAT) as stream:
        async for event in stream:
            yield event


async def _lines(client: OpenAI) -> AsyncIterator[Any]:
    with client.chat.completions.with_streaming_response.create(**STREAMED) as response:
        for line in response.iter_lines():
            yield line


def _answer_text(pieces: Sequence[Any]) -> str:
    return "".join(piece.choices[0].message.content for piece in pieces)


def _delta_text(pieces: Sequence[Any]) -> str:
    return "".join(_of_delta(choice.delta) for piece in pieces for choice in piece.choices)


def _of_delta(delta: Any) -> str:
    calls = delta.tool_calls or ()
    return (delta.content or "") + "".join(call.function.arguments or "" for call in calls)


def _event_text(pieces: Sequence[Any]) -> str:
    return "".join(piece.delta for piece in pieces if piece.type == "content.delta")


def _chunks_in(lines: Sequence[str]) -> list[Any]:
    chunks: list[Any] = []
    for line in lines:
        with suppress(ValidationError):  # "[DONE]", blank lines and broken ones
            chunks.append(ChatCompletionChunk.model_validate_json(line.removeprefix("data: ")))
    return chunks


def _tokens(pieces: Sequence[Any]) -> int | None:
    used = [piece.usage.total_tokens for piece in pieces if piece.usage]
    return used[-1] if used else None


def _event_tokens(pieces: Sequence[Any]) -> int | None:
    return _tokens([piece.chunk for piece in pieces if piece.type == "chunk"])


def _recorded(output: Any) -> str:
    return "".join(_of_message(choice["message"]) for choice in output)


def _of_message(message: Any) -> str:
    calls = message.get("tool_calls") or ()
    return (message["content"] or "") + "".join(call["function"]["arguments"] for call in calls)


_CHAT = Form(
    provider="openai",
    connect=connect,
    run=_create,
    text=_answer_text,
    tokens=_tokens,
    recorded=_recorded,
    asked=lambda body: body["messages"],
    is_plain=True,
    is_patient=True,
    is_known_to_fakellm=True,
)
_ASYNC = replace(_CHAT, connect=aconnect, run=_acreate)
_STREAM = replace(_CHAT, run=_stream, text=_delta_text, is_stream=True)
_HELPER = replace(
    _STREAM, run=_helper, text=_event_text, tokens=_event_tokens, is_plain=False, is_patient=False
)

FORMS: dict[str, Form] = {
    "openai chat": _CHAT,
    "openai chat async": _ASYNC,
    "openai chat raw": replace(_CHAT, run=_raw, is_patient=False),
    "openai chat raw async": replace(_ASYNC, run=_araw, is_patient=False),
    "openai chat opened": replace(_CHAT, run=_opened, is_patient=False, is_read_later=True),
    "openai chat opened async": replace(_ASYNC, run=_aopened, is_patient=False, is_read_later=True),
    "openai chat stream": _STREAM,
    "openai chat stream async": replace(_STREAM, connect=aconnect, run=_astream),
    "openai chat stream of a tool call": replace(_STREAM, run=_tool_stream, is_plain=False, is_patient=False),
    "openai chat stream()": _HELPER,
    "openai chat stream() async": replace(_HELPER, connect=aconnect, run=_ahelper),
    "openai chat stream lines": replace(
        _STREAM,
        run=_lines,
        text=lambda lines: _delta_text(_chunks_in(lines)),
        tokens=lambda lines: _tokens(_chunks_in(lines)),
        is_plain=False,
        is_patient=False,
    ),
}
