"""A program that makes many calls, many of which break off, and prints as JSON what is left of them.

    python tests/end_to_end/endurance.py openai|anthropic recorded|bare CALLS [BASE_URL]

It looks three times, after a fifth of the calls, after all of them, and when the clients are closed: at the
memory, at threads and open files, and at how many objects of ours are alive. Without a server the provider is
a function in the process, so that nothing can grow but the client and the library, with all that records:
spool, sender and store.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fake_anthropic
import fake_openai
from spanscore import flush, setup

WARM_UP = 5
"""It looks first after one in so many of the calls."""

OURS = ("Call", "Exchange", "Reading", "RecordedSpan")
"""Classes of which each call makes objects."""

FAILING = {"x-llmock-force-status": "400"}
"""The header of requests that are to fail."""
_Form = TypeVar("_Form", bound=Callable[..., Any])

ASKED: Any = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}


class Api:
    """The part of a client that makes the calls, and how to make one."""

    def __init__(self, provider: str, url: str | None, *, is_async: bool, is_recorded: bool) -> None:
        module = import_module(provider)
        name = {"openai": "OpenAI", "anthropic": "Anthropic"}[provider]
        kind = getattr(module, f"Async{name}" if is_async else name)
        default = getattr(module, "DefaultAsyncHttpxClient" if is_async else "DefaultHttpxClient")
        transport = {"transport": transport_for(default)} if url is None else {}
        client = kind(
            api_key="none", base_url=url, max_retries=0, http_client=default(verify=False, **transport)
        )
        if is_recorded:
            import_module(f"spanscore.integrations.{provider}").wrap(client)
        self.error = module.APIStatusError
        self.close = client.close
        self._is_served = url is not None
        self._calls = client.chat.completions if provider == "openai" else client.messages

    def of(self, forms: list[_Form]) -> list[_Form]:
        """Those of `forms` that are to be tried.

        With a server, none that leaves a stream unclosed: its connection stays open in bare clients too, and
        collecting it while the pool is locked has httpcore 1.0 wait for itself.
        """
        return [form for form in forms if not (self._is_served and form in UNCLOSED)]

    def create(self, **options: Any) -> Any:
        """What `create` gives, a stream with `stream=True`."""
        return self._calls.create(**ASKED, **options)

    def response(self, **options: Any) -> Any:
        """What `with_streaming_response.create` gives."""
        return self._calls.with_streaming_response.create(**ASKED, **options)


def transport_for(kind: type) -> Any:
    """A transport that answers at once, of the httpx that a class of clients is made of."""
    httpx = import_module(next(name for each in kind.__mro__ if (name := _library(each)).startswith("httpx")))

    def answer(request: Any) -> Any:
        body = json.loads(request.content)
        if FAILING.items() <= request.headers.items():
            return httpx.Response(400, json={"error": {"message": "no", "type": "invalid_request_error"}})
        if request.url.path.endswith("/chat/completions"):
            reply: Any = fake_openai.greeting(body)
        else:
            received = fake_anthropic.Received(method="POST", path="/v1/messages", headers={}, body=body)
            reply = fake_anthropic.greeting(received)
        headers = {"content-type": reply.content_type}
        return httpx.Response(200, headers=headers, content=reply.body.encode())

    return httpx.MockTransport(answer)


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def whole(api: Api) -> None:
    api.create()


def streamed(api: Api) -> None:
    for _ in api.create(stream=True):
        pass


def left(api: Api) -> None:
    for _ in api.create(stream=True):
        break


def closed(api: Api) -> None:
    with api.create(stream=True) as stream:
        next(iter(stream))


def unread(api: Api) -> None:
    api.create(stream=True)


def failing(api: Api) -> None:
    with suppress(api.error):
        api.create(extra_headers=FAILING)


def response_unread(api: Api) -> None:
    with api.response():
        pass


def lines_left(api: Api) -> None:
    with api.response(stream=True) as response:
        next(response.iter_lines())


async def awhole(api: Api) -> None:
    await api.create()


async def astreamed(api: Api) -> None:
    async for _ in await api.create(stream=True):
        pass


async def aleft(api: Api) -> None:
    async for _ in await api.create(stream=True):
        break


async def aclosed(api: Api) -> None:
    async with await api.create(stream=True) as stream:
        await anext(aiter(stream))


async def aunread(api: Api) -> None:
    await api.create(stream=True)


async def afailing(api: Api) -> None:
    with suppress(api.error):
        await api.create(extra_headers=FAILING)


async def cancelled(api: Api) -> None:
    running = asyncio.ensure_future(astreamed(api))
    await asyncio.sleep(0)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


SYNC: list[Callable[[Api], None]] = [
    whole,
    streamed,
    left,
    closed,
    unread,
    failing,
    response_unread,
    lines_left,
]
ASYNC: list[Callable[[Api], Awaitable[None]]] = [
    awhole,
    astreamed,
    aleft,
    aclosed,
    aunread,
    afailing,
    cancelled,
]
UNCLOSED: list[Callable[[Api], Any]] = [left, unread, aleft, aunread]
"""Those that leave a stream as it is."""


async def make_calls(count: int, api: Api, async_api: Api) -> None:
    """So many calls, half of them synchronous, the forms in turn."""
    for form in islice(cycle(api.of(SYNC)), count // 2):
        form(api)
    for form in islice(cycle(async_api.of(ASYNC)), count - count // 2):
        await form(async_api)


async def look() -> dict[str, Any]:
    """What the process holds, after all is delivered and collected."""
    flush()
    # Collecting an asynchronous generator has the loop close it, and then there is more to collect.
    for _ in range(3):
        gc.collect()
        await asyncio.sleep(0.01)
    # By `type`, never by `isinstance`: that would have lazy modules load.
    kinds = Counter(map(type, gc.get_objects()))
    alive = {kind.__name__: count for kind, count in kinds.items() if kind.__name__ in OURS}
    rss = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, check=True)
    return {
        "rss_kb": int(rss.stdout),
        "threads": threading.active_count(),
        "files": len(os.listdir("/dev/fd")),
        "classes": sum(count for kind, count in kinds.items() if issubclass(kind, type)),
        "alive": alive,
    }


async def main(provider: str, how: str, calls: int, url: str | None = None) -> None:
    is_recorded = how == "recorded"
    # In its first call a client asks for its platform in a thread, which keeps the context of that call.
    first = Api(provider, url, is_async=True, is_recorded=False)
    await first.create()
    await first.close()
    if is_recorded:
        setup(project="endurance", destinations=["local"])
    api = Api(provider, url, is_async=False, is_recorded=is_recorded)
    async_api = Api(provider, url, is_async=True, is_recorded=is_recorded)
    looks: list[dict[str, Any]] = []
    for count in (calls // WARM_UP, calls - calls // WARM_UP):
        await make_calls(count, api, async_api)
        looks.append(await look())
    api.close()
    await async_api.close()
    json.dump([*looks, await look()], sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))
