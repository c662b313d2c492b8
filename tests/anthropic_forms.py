"""Every way to ask for a message with the Anthropic client, each run to its end; they give what was read."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anthropic
from anthropic import Anthropic, AsyncAnthropic, DefaultAsyncHttpxClient, DefaultHttpxClient
from anthropic.types import Message
from opentelemetry.sdk.trace import ReadableSpan
from pydantic import BaseModel

from fake_anthropic import MODEL, FakeAnthropic, Reply
from spanscore import wrap_anthropic
from spanscore.integrations._version import version_of
from spanscore.wire.attributes import SCOPE

VERSION = version_of(anthropic.__version__)
SYSTEM = "Be brief."
MESSAGES: Any = [{"role": "user", "content": "hi"}]
ASKED: Any = {"model": MODEL, "max_tokens": 99, "messages": MESSAGES, "system": SYSTEM}
INPUT = [*MESSAGES, {"role": "system", "content": SYSTEM}]
OPTIONS: Any = {"api_key": "none", "max_retries": 0, "timeout": 20}

SyncForm = Callable[[Anthropic], Any]
AsyncForm = Callable[[AsyncAnthropic], Awaitable[Any]]
Wrap = Callable[[Any], Any]


class Answer(BaseModel):
    """What `parse()` turns the text into."""

    n: int


def bare(client: Any) -> Any:
    return client


def ours(spans: Iterable[ReadableSpan]) -> list[ReadableSpan]:
    """The spans that are not those which newer clients make of their requests themselves."""
    return [one for one in spans if one.instrumentation_scope and one.instrumentation_scope.name == SCOPE]


@contextmanager
def client_of(url: str, *, wrap: Wrap = wrap_anthropic, **options: Any) -> Generator[Anthropic, None, None]:
    # `verify=False`: no certificates to load, which would take most of a test's time.
    http_client = DefaultHttpxClient(verify=False)
    with Anthropic(base_url=url, http_client=http_client, **{**OPTIONS, **options}) as client:
        yield wrap(client)


@asynccontextmanager
async def async_client_of(
    url: str, *, wrap: Wrap = wrap_anthropic, **options: Any
) -> AsyncGenerator[AsyncAnthropic, None]:
    http_client = DefaultAsyncHttpxClient(verify=False)
    async with AsyncAnthropic(base_url=url, http_client=http_client, **{**OPTIONS, **options}) as client:
        yield wrap(client)


async def run(form: "Form", url: str, *, wrap: Wrap = wrap_anthropic, **options: Any) -> Any:
    """What the form reads with a client of its own."""
    kind, body = form
    if kind == "sync":
        with client_of(url, wrap=wrap, **options) as client:
            return body(client)
    async with async_client_of(url, wrap=wrap, **options) as aclient:
        return await body(aclient)


async def outcome(form: "Form", server: FakeAnthropic, *replies: Reply, **options: Any) -> Any:
    """What the form's caller sees: the values read, or the error, and how often the server was asked."""
    server.reply(*replies)
    before = len(server.received)
    try:
        seen: Any = ("value", await run(form, server.url, **options))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        seen = (type(error), str(error), getattr(error, "status_code", None), getattr(error, "body", None))
    server.forget_replies()
    return seen, [(one.method, one.path, one.body) for one in server.received[before:]]


async def _parsed(response: Any) -> Any:
    parsed = response.parse()
    return await parsed if inspect.isawaitable(parsed) else parsed  # the former in newer versions


def collected(form: Callable[[Any], Any]) -> AsyncForm:
    async def collect(client: AsyncAnthropic) -> Any:
        return [item async for item in await form(client)]

    return collect


def _create(client: Anthropic) -> Any:
    return client.messages.create(**ASKED)


def _copied(client: Anthropic) -> Any:
    return client.with_options(timeout=9).copy().copy(max_retries=0).messages.create(**ASKED)


def _post(client: Anthropic) -> Any:
    return client.post("/v1/messages", cast_to=Message, body=ASKED)


def _beta(client: Anthropic) -> Any:
    return client.beta.messages.create(**ASKED, betas=["token-efficient-tools-2025-02-19"])


def _parse(client: Anthropic) -> Any:
    return client.messages.parse(**ASKED, output_format=Answer)


def _raw(client: Anthropic) -> Any:
    return client.messages.with_raw_response.create(**ASKED).parse()


def _streaming_response(client: Anthropic) -> Any:
    with client.messages.with_streaming_response.create(**ASKED) as response:
        return response.parse()


def _streaming_response_lines(client: Anthropic) -> Any:
    with client.messages.with_streaming_response.create(**ASKED) as response:
        return list(response.iter_lines())


def _stream(client: Anthropic) -> Any:
    return list(client.messages.create(**ASKED, stream=True))


def _stream_with(client: Anthropic) -> Any:
    with client.messages.create(**ASKED, stream=True) as stream:
        return list(stream)


def _stream_next(client: Anthropic) -> Any:
    stream = client.messages.create(**ASKED, stream=True)
    chunks: list[Any] = []
    while (chunk := next(stream, None)) is not None:
        chunks.append(chunk)
    return chunks


def _stream_beta(client: Anthropic) -> Any:
    return list(client.beta.messages.create(**ASKED, stream=True))


def _stream_helper(client: Anthropic) -> Any:
    with client.messages.stream(**ASKED) as stream:
        return [*stream, stream.get_final_message()]


def _stream_helper_text(client: Anthropic) -> Any:
    with client.messages.stream(**ASKED) as stream:
        return [*stream.text_stream, stream.get_final_text()]


def _stream_helper_final(client: Anthropic) -> Any:
    with client.messages.stream(**ASKED) as stream:
        return stream.get_final_message()


def _stream_helper_beta(client: Anthropic) -> Any:
    with client.beta.messages.stream(**ASKED) as stream:
        return [*stream, stream.get_final_message()]


def _stream_raw(client: Anthropic) -> Any:
    return list(client.messages.with_raw_response.create(**ASKED, stream=True).parse())


def _stream_streaming_response(client: Anthropic) -> Any:
    with client.messages.with_streaming_response.create(**ASKED, stream=True) as response:
        return list(response.parse())


def _stream_lines(client: Anthropic) -> Any:
    with client.messages.with_streaming_response.create(**ASKED, stream=True) as response:
        return list(response.iter_lines())


def _stream_post(client: Anthropic) -> Any:
    body = {**ASKED, "stream": True}
    return list(client.post("/v1/messages", cast_to=object, body=body, stream=True))  # pyright: ignore[reportUnknownArgumentType, reportCallIssue, reportArgumentType]


async def _acreate(client: AsyncAnthropic) -> Any:
    return await client.messages.create(**ASKED)


async def _acopied(client: AsyncAnthropic) -> Any:
    return await client.with_options(timeout=9).copy().messages.create(**ASKED)


async def _abeta(client: AsyncAnthropic) -> Any:
    return await client.beta.messages.create(**ASKED)


async def _aparse(client: AsyncAnthropic) -> Any:
    return await client.messages.parse(**ASKED, output_format=Answer)


async def _araw(client: AsyncAnthropic) -> Any:
    response: Any = await client.messages.with_raw_response.create(**ASKED)
    return await _parsed(response)


async def _astreaming_response(client: AsyncAnthropic) -> Any:
    async with client.messages.with_streaming_response.create(**ASKED) as response:
        return await response.parse()


async def _astreaming_response_lines(client: AsyncAnthropic) -> Any:
    async with client.messages.with_streaming_response.create(**ASKED) as response:
        return [line async for line in response.iter_lines()]


async def _astream_with(client: AsyncAnthropic) -> Any:
    async with await client.messages.create(**ASKED, stream=True) as stream:
        return [event async for event in stream]


async def _astream_helper(client: AsyncAnthropic) -> Any:
    async with client.messages.stream(**ASKED) as stream:
        events: list[Any] = [event async for event in stream]
        return [*events, await stream.get_final_message()]


async def _astream_helper_text(client: AsyncAnthropic) -> Any:
    async with client.messages.stream(**ASKED) as stream:
        texts = [text async for text in stream.text_stream]
        return [*texts, await stream.get_final_text()]


async def _astream_helper_beta(client: AsyncAnthropic) -> Any:
    async with client.beta.messages.stream(**ASKED) as stream:
        return await stream.get_final_message()


async def _astream_raw(client: AsyncAnthropic) -> Any:
    response: Any = await client.messages.with_raw_response.create(**ASKED, stream=True)
    return [event async for event in await _parsed(response)]


async def _astream_streaming_response(client: AsyncAnthropic) -> Any:
    async with client.messages.with_streaming_response.create(**ASKED, stream=True) as response:
        return [event async for event in await response.parse()]


async def _astream_lines(client: AsyncAnthropic) -> Any:
    async with client.messages.with_streaming_response.create(**ASKED, stream=True) as response:
        return [line async for line in response.iter_lines()]


Form = tuple[str, Any]
"""Whether it is for a sync or an async client, and what it does with it."""

_HAS_PARSE = hasattr(Anthropic(api_key="none").messages, "parse")
_HAS_BETA_STREAM = hasattr(Anthropic(api_key="none").beta.messages, "stream")

WHOLE: dict[str, Form] = {
    "create": ("sync", _create),
    "with_options and copy": ("sync", _copied),
    "post": ("sync", _post),
    "beta create": ("sync", _beta),
    **({"parse": ("sync", _parse)} if _HAS_PARSE else {}),
    "with_raw_response": ("sync", _raw),
    "with_streaming_response": ("sync", _streaming_response),
    "with_streaming_response, lines": ("sync", _streaming_response_lines),
    "async create": ("async", _acreate),
    "async with_options and copy": ("async", _acopied),
    "async beta create": ("async", _abeta),
    **({"async parse": ("async", _aparse)} if _HAS_PARSE else {}),
    "async with_raw_response": ("async", _araw),
    "async with_streaming_response": ("async", _astreaming_response),
    "async with_streaming_response, lines": ("async", _astreaming_response_lines),
}
"""Forms that get a whole answer."""

STREAMED: dict[str, Form] = {
    "stream": ("sync", _stream),
    "stream, with": ("sync", _stream_with),
    "stream, next": ("sync", _stream_next),
    "stream, beta": ("sync", _stream_beta),
    "stream helper": ("sync", _stream_helper),
    "stream helper, text": ("sync", _stream_helper_text),
    "stream helper, final message": ("sync", _stream_helper_final),
    **({"stream helper, beta": ("sync", _stream_helper_beta)} if _HAS_BETA_STREAM else {}),
    "stream, with_raw_response": ("sync", _stream_raw),
    "stream, with_streaming_response": ("sync", _stream_streaming_response),
    "stream, lines": ("sync", _stream_lines),
    "stream, post": ("sync", _stream_post),
    "async stream": ("async", collected(lambda client: client.messages.create(**ASKED, stream=True))),
    "async stream, with": ("async", _astream_with),
    "async stream helper": ("async", _astream_helper),
    "async stream helper, text": ("async", _astream_helper_text),
    **({"async stream helper, beta": ("async", _astream_helper_beta)} if _HAS_BETA_STREAM else {}),
    "async stream, with_raw_response": ("async", _astream_raw),
    "async stream, with_streaming_response": ("async", _astream_streaming_response),
    "async stream, lines": ("async", _astream_lines),
}
"""Forms that get the answer as a stream."""
