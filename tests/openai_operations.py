"""Every way to call one operation of the OpenAI client, each run to its end."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from openai_forms import async_client_of, client_of, collected


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A method of the client and what it is called with: `Operation(of="files", name="delete", …)`."""

    of: str
    name: str = "create"
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __call__(self, client: Any, form: str = "", **more: Any) -> Any:
        resource = client
        for name in (*self.of.split("."), *([form] if form else [])):
            resource = getattr(resource, name)
        return getattr(resource, self.name)(**self.arguments, **more)


def read(answer: Any) -> Any:
    """What a caller gets, as plain values: JSON of models, bytes of audio and files."""
    content: Any = getattr(answer, "content", None)
    if isinstance(content, bytes):
        return content
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    return [read(one) for one in answer] if isinstance(answer, list) else answer


def _create(client: OpenAI, run: Operation) -> Any:
    return read(run(client))


def _raw(client: OpenAI, run: Operation) -> Any:
    return read(run(client, "with_raw_response").parse())


def _streaming(client: OpenAI, run: Operation) -> Any:
    with run(client, "with_streaming_response") as response:
        return read(response.parse())


def _streaming_bytes(client: OpenAI, run: Operation) -> Any:
    with run(client, "with_streaming_response") as response:
        return b"".join(response.iter_bytes(7))


async def _acreate(client: AsyncOpenAI, run: Operation) -> Any:
    return read(await run(client))


async def _araw(client: AsyncOpenAI, run: Operation) -> Any:
    return read((await run(client, "with_raw_response")).parse())


async def _astreaming(client: AsyncOpenAI, run: Operation) -> Any:
    async with run(client, "with_streaming_response") as response:
        return read(await response.parse())


async def _astreaming_bytes(client: AsyncOpenAI, run: Operation) -> Any:
    async with run(client, "with_streaming_response") as response:
        return b"".join(await collected(response.iter_bytes(7)))


def _stream(client: OpenAI, run: Operation) -> Any:
    with run(client, stream=True) as stream:
        return read(list(stream))


def _stream_raw(client: OpenAI, run: Operation) -> Any:
    return read(list(run(client, "with_raw_response", stream=True).parse()))


def _stream_streaming(client: OpenAI, run: Operation) -> Any:
    with run(client, "with_streaming_response", stream=True) as response:
        return read(list(response.parse()))


def _stream_bytes(client: OpenAI, run: Operation) -> Any:
    with run(client, "with_streaming_response", stream=True) as response:
        return b"".join(response.iter_bytes(7))


async def _astream(client: AsyncOpenAI, run: Operation) -> Any:
    async with await run(client, stream=True) as stream:
        return read(await collected(stream))


async def _astream_raw(client: AsyncOpenAI, run: Operation) -> Any:
    return read(await collected((await run(client, "with_raw_response", stream=True)).parse()))


async def _astream_streaming(client: AsyncOpenAI, run: Operation) -> Any:
    async with run(client, "with_streaming_response", stream=True) as response:
        return read(await collected(await response.parse()))


async def _astream_bytes(client: AsyncOpenAI, run: Operation) -> Any:
    async with run(client, "with_streaming_response", stream=True) as response:
        return b"".join(await collected(response.iter_bytes(7)))


Form = Callable[[str, Operation], Awaitable[Any]]


def _sync(form: Callable[[OpenAI, Operation], Any]) -> Form:
    async def run(url: str, operation: Operation) -> Any:
        with client_of(url) as client:
            return form(client, operation)

    return run


def _async(form: Callable[[AsyncOpenAI, Operation], Awaitable[Any]]) -> Form:
    async def run(url: str, operation: Operation) -> Any:
        async with async_client_of(url) as client:
            return await form(client, operation)

    return run


WHOLE: dict[str, Form] = {
    "create": _sync(_create),
    "with_raw_response": _sync(_raw),
    "with_streaming_response": _sync(_streaming),
    "with_streaming_response, bytes": _sync(_streaming_bytes),
    "async create": _async(_acreate),
    "async with_raw_response": _async(_araw),
    "async with_streaming_response": _async(_astreaming),
    "async with_streaming_response, bytes": _async(_astreaming_bytes),
}
"""Forms that get a whole answer. Each takes the server's URL and gives what its caller has read."""

STREAMED: dict[str, Form] = {
    "stream": _sync(_stream),
    "streamed with_raw_response": _sync(_stream_raw),
    "streamed with_streaming_response": _sync(_stream_streaming),
    "streamed with_streaming_response, bytes": _sync(_stream_bytes),
    "async stream": _async(_astream),
    "async streamed with_raw_response": _async(_astream_raw),
    "async streamed with_streaming_response": _async(_astream_streaming),
    "async streamed with_streaming_response, bytes": _async(_astream_bytes),
}
"""Forms that read a streamed answer to its end."""
