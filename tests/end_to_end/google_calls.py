"""Calls of Google's GenAI client."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from google import genai
from google.genai import types

from end_to_end.calls import Form, Patience
from google_forms import aclosing_client

MODEL = "gemini-2.5-pro"
ASKED: Any = {
    "model": MODEL,
    "contents": [{"role": "user", "parts": [{"text": "Say something"}]}],
}


@asynccontextmanager
async def connect(url: str, patience: Patience) -> AsyncGenerator[genai.Client, None]:
    # As it tries by itself, which is once; it has its own idea of waits between tries.
    options = types.HttpOptions(
        api_version="v1beta",
        base_url=url,
        timeout=int(patience.timeout_s * 1000),
        client_args={"verify": False},
        async_client_args={"verify": False},
    )
    client = genai.Client(api_key="none", http_options=options)
    async with aclosing_client(client):
        yield client


async def _generate(client: genai.Client) -> AsyncIterator[Any]:
    yield client.models.generate_content(**ASKED)


async def _agenerate(client: genai.Client) -> AsyncIterator[Any]:
    yield await client.aio.models.generate_content(**ASKED)


async def _stream(client: genai.Client) -> AsyncIterator[Any]:
    for chunk in client.models.generate_content_stream(**ASKED):
        yield chunk


async def _astream(client: genai.Client) -> AsyncIterator[Any]:
    async for chunk in await client.aio.models.generate_content_stream(**ASKED):
        yield chunk


def _tokens(answers: Sequence[Any]) -> int | None:
    used = [answer.usage_metadata.total_token_count for answer in answers if answer.usage_metadata]
    return used[-1] if used else None


def _recorded(output: Any) -> str:
    return "".join(part["text"] for one in output["candidates"] for part in one["content"]["parts"])


_GENERATE = Form(
    provider="google_genai",
    connect=connect,
    run=_generate,
    text=lambda answers: "".join(answer.text or "" for answer in answers),
    tokens=_tokens,
    recorded=_recorded,
    asked=lambda body: {"model": MODEL, "contents": body["contents"]},
    model=lambda body: MODEL,
    status=lambda error: getattr(error, "code", None),
    is_plain=True,
    is_patient=True,
)
_STREAM = replace(_GENERATE, run=_stream, is_stream=True)

FORMS: dict[str, Form] = {
    "google_genai": _GENERATE,
    "google_genai async": replace(_GENERATE, run=_agenerate),
    "google_genai stream": _STREAM,
    "google_genai stream async": replace(_STREAM, run=_astream),
}
