"""Every way to call a chat completion or a response with the OpenAI client, each run to its end."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import openai.types
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from spanscore import wrap_openai

MODEL = "gpt-4o-mini"
MESSAGES: Any = [{"role": "user", "content": "hi"}]
ASKED: Any = {"model": MODEL, "messages": MESSAGES}
RESPONSE_ASKED: Any = {"model": MODEL, "input": "hi"}
# `verify=False` below: no certificates to load, which would take most of a test's time.
OPTIONS: Any = {"api_key": "none", "max_retries": 0, "timeout": 20}

_Result = TypeVar("_Result")


class Answer(BaseModel):
    """What `parse()` and the `stream()` helper turn the content into."""

    n: int


@contextmanager
def client_of(url: str) -> Generator[OpenAI, None, None]:
    with OpenAI(base_url=url, http_client=DefaultHttpxClient(verify=False), **OPTIONS) as client:
        yield wrap_openai(client)


@asynccontextmanager
async def async_client_of(url: str) -> AsyncGenerator[AsyncOpenAI, None]:
    http_client = DefaultAsyncHttpxClient(verify=False)
    async with AsyncOpenAI(
        api_key="none", base_url=url, max_retries=0, timeout=20, http_client=http_client
    ) as client:
        yield wrap_openai(client)


def helpers(client: Any) -> Any:
    """Where `parse` and `stream` are: in older versions below `beta`."""
    completions = client.chat.completions
    return completions if hasattr(completions, "parse") else client.beta.chat.completions


def text_of(chunks: Iterable[Any]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def content(answer: Any) -> str | None:
    return answer.choices[0].message.content


async def collected(chunks: Any) -> list[Any]:
    return [chunk async for chunk in chunks]


def _create(client: OpenAI) -> Any:
    return content(client.chat.completions.create(**ASKED))


def _copied(client: OpenAI) -> Any:
    return content(client.with_options(timeout=9).copy().copy(max_retries=0).chat.completions.create(**ASKED))


def _post(client: OpenAI) -> Any:
    return content(client.post("/chat/completions", cast_to=ChatCompletion, body=ASKED))


def _parse(client: OpenAI) -> Any:
    return content(helpers(client).parse(**ASKED, response_format=Answer))


def _raw(client: OpenAI) -> Any:
    return content(client.chat.completions.with_raw_response.create(**ASKED).parse())


def _streaming_response(client: OpenAI) -> Any:
    with client.chat.completions.with_streaming_response.create(**ASKED) as response:
        return content(response.parse())


def _streaming_response_lines(client: OpenAI) -> Any:
    with client.chat.completions.with_streaming_response.create(**ASKED) as response:
        return "".join(response.iter_lines())


def _stream(client: OpenAI) -> Any:
    return text_of(client.chat.completions.create(**ASKED, stream=True))


def _stream_with(client: OpenAI) -> Any:
    with client.chat.completions.create(**ASKED, stream=True) as stream:
        return text_of(stream)


def _stream_next(client: OpenAI) -> Any:
    stream = client.chat.completions.create(**ASKED, stream=True)
    chunks: list[Any] = []
    while (chunk := next(stream, None)) is not None:
        chunks.append(chunk)
    return text_of(chunks)


def _stream_helper(client: OpenAI) -> Any:
    with helpers(client).stream(**ASKED) as stream:
        return content(stream.get_final_completion())


def _stream_raw(client: OpenAI) -> Any:
    return text_of(client.chat.completions.with_raw_response.create(**ASKED, stream=True).parse())


def _stream_streaming_response(client: OpenAI) -> Any:
    with client.chat.completions.with_streaming_response.create(**ASKED, stream=True) as response:
        return text_of(response.parse())


def _stream_lines(client: OpenAI) -> Any:
    with client.chat.completions.with_streaming_response.create(**ASKED, stream=True) as response:
        return "".join(response.iter_lines())


def _stream_post(client: OpenAI) -> Any:
    body = {**ASKED, "stream": True}
    return list(client.post("/chat/completions", cast_to=object, body=body, stream=True))  # pyright: ignore[reportUnknownArgumentType, reportCallIssue, reportArgumentType]


async def _acreate(client: AsyncOpenAI) -> Any:
    return content(await client.chat.completions.create(**ASKED))


async def _acopied(client: AsyncOpenAI) -> Any:
    return content(await client.with_options(timeout=9).copy().chat.completions.create(**ASKED))


async def _aparse(client: AsyncOpenAI) -> Any:
    return content(await helpers(client).parse(**ASKED, response_format=Answer))


async def _araw(client: AsyncOpenAI) -> Any:
    return content((await client.chat.completions.with_raw_response.create(**ASKED)).parse())


async def _astreaming_response(client: AsyncOpenAI) -> Any:
    async with client.chat.completions.with_streaming_response.create(**ASKED) as response:
        return content(await response.parse())


async def _astreaming_response_lines(client: AsyncOpenAI) -> Any:
    async with client.chat.completions.with_streaming_response.create(**ASKED) as response:
        return "".join(await collected(response.iter_lines()))


async def _astream(client: AsyncOpenAI) -> Any:
    return text_of(await collected(await client.chat.completions.create(**ASKED, stream=True)))


async def _astream_with(client: AsyncOpenAI) -> Any:
    async with await client.chat.completions.create(**ASKED, stream=True) as stream:
        return text_of(await collected(stream))


async def _astream_helper(client: AsyncOpenAI) -> Any:
    async with helpers(client).stream(**ASKED) as stream:
        return content(await stream.get_final_completion())


async def _astream_raw(client: AsyncOpenAI) -> Any:
    response = await client.chat.completions.with_raw_response.create(**ASKED, stream=True)
    return text_of(await collected(response.parse()))


async def _astream_streaming_response(client: AsyncOpenAI) -> Any:
    async with client.chat.completions.with_streaming_response.create(**ASKED, stream=True) as response:
        return text_of(await collected(await response.parse()))


async def _astream_lines(client: AsyncOpenAI) -> Any:
    async with client.chat.completions.with_streaming_response.create(**ASKED, stream=True) as response:
        return "".join(await collected(response.iter_lines()))


def delta_of(events: Iterable[Any]) -> str:
    return "".join(event.delta for event in events if event.type == "response.output_text.delta")


def _respond(client: OpenAI) -> Any:
    return client.responses.create(**RESPONSE_ASKED).output_text


def _respond_copied(client: OpenAI) -> Any:
    return client.with_options(timeout=9).copy().responses.create(**RESPONSE_ASKED).output_text


def _respond_post(client: OpenAI) -> Any:
    kind = openai.types.responses.Response  # pyright: ignore[reportAttributeAccessIssue]
    return client.post("/responses", cast_to=kind, body=RESPONSE_ASKED).output_text


def _respond_parse(client: OpenAI) -> Any:
    return client.responses.parse(**RESPONSE_ASKED, text_format=Answer).output_text


def _respond_raw(client: OpenAI) -> Any:
    return client.responses.with_raw_response.create(**RESPONSE_ASKED).parse().output_text


def _respond_streaming_response(client: OpenAI) -> Any:
    with client.responses.with_streaming_response.create(**RESPONSE_ASKED) as response:
        return response.parse().output_text


def _respond_streaming_response_lines(client: OpenAI) -> Any:
    with client.responses.with_streaming_response.create(**RESPONSE_ASKED) as response:
        return "".join(response.iter_lines())


def _respond_stream(client: OpenAI) -> Any:
    return delta_of(client.responses.create(**RESPONSE_ASKED, stream=True))


def _respond_stream_with(client: OpenAI) -> Any:
    with client.responses.create(**RESPONSE_ASKED, stream=True) as stream:
        return delta_of(stream)


def _respond_stream_next(client: OpenAI) -> Any:
    stream = client.responses.create(**RESPONSE_ASKED, stream=True)
    events: list[Any] = []
    while (event := next(stream, None)) is not None:
        events.append(event)
    return delta_of(events)


def _respond_stream_helper(client: OpenAI) -> Any:
    with client.responses.stream(**RESPONSE_ASKED) as stream:
        return stream.get_final_response().output_text


def _respond_stream_helper_events(client: OpenAI) -> Any:
    with client.responses.stream(**RESPONSE_ASKED, text_format=Answer) as stream:
        return delta_of(stream)


def _respond_stream_raw(client: OpenAI) -> Any:
    return delta_of(client.responses.with_raw_response.create(**RESPONSE_ASKED, stream=True).parse())


def _respond_stream_streaming_response(client: OpenAI) -> Any:
    with client.responses.with_streaming_response.create(**RESPONSE_ASKED, stream=True) as response:
        return delta_of(response.parse())


def _respond_stream_lines(client: OpenAI) -> Any:
    with client.responses.with_streaming_response.create(**RESPONSE_ASKED, stream=True) as response:
        return "".join(response.iter_lines())


async def _arespond(client: AsyncOpenAI) -> Any:
    return (await client.responses.create(**RESPONSE_ASKED)).output_text


async def _arespond_parse(client: AsyncOpenAI) -> Any:
    return (await client.responses.parse(**RESPONSE_ASKED, text_format=Answer)).output_text


async def _arespond_raw(client: AsyncOpenAI) -> Any:
    return (await client.responses.with_raw_response.create(**RESPONSE_ASKED)).parse().output_text


async def _arespond_streaming_response(client: AsyncOpenAI) -> Any:
    async with client.responses.with_streaming_response.create(**RESPONSE_ASKED) as response:
        return (await response.parse()).output_text


async def _arespond_stream(client: AsyncOpenAI) -> Any:
    return delta_of(await collected(await client.responses.create(**RESPONSE_ASKED, stream=True)))


async def _arespond_stream_with(client: AsyncOpenAI) -> Any:
    async with await client.responses.create(**RESPONSE_ASKED, stream=True) as stream:
        return delta_of(await collected(stream))


async def _arespond_stream_helper(client: AsyncOpenAI) -> Any:
    async with client.responses.stream(**RESPONSE_ASKED) as stream:
        return (await stream.get_final_response()).output_text


async def _arespond_stream_raw(client: AsyncOpenAI) -> Any:
    response = await client.responses.with_raw_response.create(**RESPONSE_ASKED, stream=True)
    return delta_of(await collected(response.parse()))


async def _arespond_stream_lines(client: AsyncOpenAI) -> Any:
    async with client.responses.with_streaming_response.create(**RESPONSE_ASKED, stream=True) as response:
        return "".join(await collected(response.iter_lines()))


def _asynchronous(run: Callable[[OpenAI], _Result]) -> Callable[[str], Awaitable[_Result]]:
    async def form(url: str) -> _Result:
        with client_of(url) as client:
            return run(client)

    return form


def _closing(run: Callable[[AsyncOpenAI], Awaitable[_Result]]) -> Callable[[str], Awaitable[_Result]]:
    async def form(url: str) -> _Result:
        async with async_client_of(url) as client:
            return await run(client)

    return form


Form = Callable[[str], Awaitable[Any]]

WHOLE: dict[str, Form] = {
    "create": _asynchronous(_create),
    "with_options and copy": _asynchronous(_copied),
    "post": _asynchronous(_post),
    "parse": _asynchronous(_parse),
    "with_raw_response": _asynchronous(_raw),
    "with_streaming_response": _asynchronous(_streaming_response),
    "with_streaming_response, lines": _asynchronous(_streaming_response_lines),
    "async create": _closing(_acreate),
    "async with_options and copy": _closing(_acopied),
    "async parse": _closing(_aparse),
    "async with_raw_response": _closing(_araw),
    "async with_streaming_response": _closing(_astreaming_response),
    "async with_streaming_response, lines": _closing(_astreaming_response_lines),
}
"""Forms that get a whole answer. Each takes the server's URL and gives what its caller has read."""

STREAMED: dict[str, Form] = {
    "stream": _asynchronous(_stream),
    "stream in a with": _asynchronous(_stream_with),
    "stream by next": _asynchronous(_stream_next),
    "stream helper": _asynchronous(_stream_helper),
    "streamed with_raw_response": _asynchronous(_stream_raw),
    "streamed with_streaming_response": _asynchronous(_stream_streaming_response),
    "streamed with_streaming_response, lines": _asynchronous(_stream_lines),
    "streamed post": _asynchronous(_stream_post),
    "async stream": _closing(_astream),
    "async stream in a with": _closing(_astream_with),
    "async stream helper": _closing(_astream_helper),
    "async streamed with_raw_response": _closing(_astream_raw),
    "async streamed with_streaming_response": _closing(_astream_streaming_response),
    "async streamed with_streaming_response, lines": _closing(_astream_lines),
}
"""Forms that read a streamed answer to its end."""

RESPONDED: dict[str, Form] = {
    "responses": _asynchronous(_respond),
    "responses, with_options and copy": _asynchronous(_respond_copied),
    "responses, post": _asynchronous(_respond_post),
    "responses, parse": _asynchronous(_respond_parse),
    "responses, with_raw_response": _asynchronous(_respond_raw),
    "responses, with_streaming_response": _asynchronous(_respond_streaming_response),
    "responses, with_streaming_response, lines": _asynchronous(_respond_streaming_response_lines),
    "async responses": _closing(_arespond),
    "async responses, parse": _closing(_arespond_parse),
    "async responses, with_raw_response": _closing(_arespond_raw),
    "async responses, with_streaming_response": _closing(_arespond_streaming_response),
}
"""Forms that get a whole response; none where the client is too old for them."""

RESPONSE_STREAMED: dict[str, Form] = {
    "responses, stream": _asynchronous(_respond_stream),
    "responses, stream in a with": _asynchronous(_respond_stream_with),
    "responses, stream by next": _asynchronous(_respond_stream_next),
    "responses, stream helper": _asynchronous(_respond_stream_helper),
    "responses, events of the stream helper": _asynchronous(_respond_stream_helper_events),
    "responses, streamed with_raw_response": _asynchronous(_respond_stream_raw),
    "responses, streamed with_streaming_response": _asynchronous(_respond_stream_streaming_response),
    "responses, streamed with_streaming_response, lines": _asynchronous(_respond_stream_lines),
    "async responses, stream": _closing(_arespond_stream),
    "async responses, stream in a with": _closing(_arespond_stream_with),
    "async responses, stream helper": _closing(_arespond_stream_helper),
    "async responses, streamed with_raw_response": _closing(_arespond_stream_raw),
    "async responses, streamed with_streaming_response, lines": _closing(_arespond_stream_lines),
}
"""Forms that read the events of a streamed response to their end."""

if not hasattr(OpenAI, "responses"):
    RESPONDED.clear()
    RESPONSE_STREAMED.clear()
