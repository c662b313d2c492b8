"""Every way to generate content with a google-genai client, each run to its end."""

import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from google import genai
from google.genai import types

from spanscore.integrations.google_genai import wrap

MODEL = "gemini-2.5-flash"
ASKED: Any = {"model": MODEL, "contents": "hi"}
CONTENTS = [{"parts": [{"text": "hi"}], "role": "user"}]
INPUT = {"model": MODEL, "contents": CONTENTS}

Form = Callable[[genai.Client], Coroutine[Any, Any, Any]]


# No certificates are loaded, neither for HTTP nor for websockets, which would take most of a test's time.
UNVERIFIED: Any = {
    "client_args": {"verify": False},
    "async_client_args": {"verify": False, "ssl": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)},
}


def bare_client(url: str, **options: Any) -> genai.Client:
    """A client of the server."""
    http_options = types.HttpOptions(base_url=url, **UNVERIFIED, **options)
    return genai.Client(api_key="none", http_options=http_options)


def vertex_client(url: str) -> genai.Client:
    """The same for Vertex AI."""
    http_options = types.HttpOptions(base_url=url, **UNVERIFIED)
    return genai.Client(vertexai=True, api_key="none", http_options=http_options)


@contextmanager
def closing_client(client: genai.Client) -> Generator[genai.Client, None, None]:
    """Closes a client that is used without `async`; of one that has no `close`, what it has within."""
    yield client
    getattr(client, "close", _within(client)._httpx_client.close)()


@asynccontextmanager
async def aclosing_client(client: genai.Client) -> AsyncGenerator[genai.Client, None]:
    """Closes both sides of a client."""
    with closing_client(client):
        yield client
        await getattr(client.aio, "aclose", _within(client)._async_httpx_client.aclose)()


def _within(client: Any) -> Any:
    return client._api_client


async def close_both(*clients: genai.Client) -> None:
    """Closes several clients, in the loop that they were used in."""
    for client in clients:
        async with aclosing_client(client):
            pass


@contextmanager
def client_of(url: str, **options: Any) -> Generator[genai.Client, None, None]:
    with closing_client(wrap(bare_client(url, **options))) as client:
        yield client


@asynccontextmanager
async def async_client_of(url: str, **options: Any) -> AsyncGenerator[genai.Client, None]:
    async with aclosing_client(wrap(bare_client(url, **options))) as client:
        yield client


async def collected(chunks: Any) -> list[Any]:
    return [chunk async for chunk in chunks]


def _by_next(client: genai.Client) -> list[Any]:
    stream: Any = client.models.generate_content_stream(**ASKED)
    chunks: list[Any] = []
    while (chunk := next(stream, None)) is not None:
        chunks.append(chunk)
    return chunks


def _asynchronous(run: Callable[[genai.Client], Any]) -> Form:
    async def form(client: genai.Client) -> Any:
        return run(client)

    return form


async def _agenerate(client: genai.Client) -> Any:
    return await client.aio.models.generate_content(**ASKED)


async def _achat(client: genai.Client) -> Any:
    return await client.aio.chats.create(model=MODEL).send_message("hi")


async def _astream(client: genai.Client) -> Any:
    return await collected(await client.aio.models.generate_content_stream(**ASKED))


async def _achat_stream(client: genai.Client) -> Any:
    return await collected(await client.aio.chats.create(model=MODEL).send_message_stream("hi"))


WHOLE: dict[str, Form] = {
    "generate_content": _asynchronous(lambda client: client.models.generate_content(**ASKED)),
    "chat": _asynchronous(lambda client: client.chats.create(model=MODEL).send_message("hi")),
    "async generate_content": _agenerate,
    "async chat": _achat,
}
"""Forms that get a whole answer; each takes a client and gives what its caller has read."""

STREAMED: dict[str, Form] = {
    "stream": _asynchronous(lambda client: list(client.models.generate_content_stream(**ASKED))),
    "stream by next": _asynchronous(_by_next),
    "chat stream": _asynchronous(
        lambda client: list(client.chats.create(model=MODEL).send_message_stream("hi"))
    ),
    "async stream": _astream,
    "async chat stream": _achat_stream,
}
"""Forms that read a streamed answer to its end."""
