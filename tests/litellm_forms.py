"""Every way to call a model with litellm, each run to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import litellm as _litellm  # pyright: ignore[reportMissingImports] - it cannot be installed beside openai 3
import openai

from spanscore.integrations._version import version_of

litellm: Any = _litellm
"""Of no type, since types are checked where it is not."""

IS_OLD = version_of(litellm._version.version) < (1, 90)
"""So is 1.78: it keeps its streams, which cannot be closed, and routers do not go on with another one."""

MODEL = "openai/gpt-4o-mini"
MESSAGES: Any = [{"role": "user", "content": "hi"}]

Json = dict[str, Any]
Form = Callable[[str], Awaitable[Any]]

_STREAMED: Json = {"stream": True, "stream_options": {"include_usage": True}}
_VOLATILE = frozenset({"created", "created_at", "id", "item_id"})
"""What litellm makes up anew for each answer, or does so in some of its versions."""


def options(url: str) -> Json:
    return {"api_base": url, "api_key": "none", "max_retries": 0}


def router_of(url: str, *fallbacks: str) -> Any:
    """A router with the group "group", which falls back to groups named like models."""
    names = {"group": MODEL, **{name: name for name in fallbacks}}
    deployments = [
        {"model_name": name, "litellm_params": {"model": model, **options(url)}}
        for name, model in names.items()
    ]
    rules = [{"group": list(fallbacks)}] if fallbacks else []
    return litellm.Router(model_list=deployments, fallbacks=rules, num_retries=0)


def comparable(value: Any) -> Any:
    """An answer of litellm's or a chunk as plain values, with its class and without what varies."""
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, dict):
        return {name: comparable(item) for name, item in value.items() if name not in _VOLATILE}
    if hasattr(value, "model_dump"):
        return type(value).__name__, comparable(value.model_dump(warnings=False))
    return getattr(value, "value", value)


async def collected(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


def _sync(call: Callable[[str], Any]) -> Form:
    async def form(url: str) -> Any:
        return comparable(call(url))

    return form


def _async(call: Callable[[str], Awaitable[Any]]) -> Form:
    async def form(url: str) -> Any:
        return comparable(await call(url))

    return form


def completion(url: str) -> Any:
    return litellm.completion(model=MODEL, messages=MESSAGES, **options(url))


def stream(url: str) -> list[Any]:
    return list(litellm.completion(model=MODEL, messages=MESSAGES, **_STREAMED, **options(url)))


async def acompletion(url: str) -> Any:
    return await litellm.acompletion(model=MODEL, messages=MESSAGES, **options(url))


async def astream(url: str) -> list[Any]:
    asked: Json = {"model": MODEL, "messages": MESSAGES, **_STREAMED}
    return await collected(await litellm.acompletion(**asked, **options(url)))


async def _arouter_stream(url: str) -> list[Any]:
    return await collected(await router_of(url).acompletion("group", MESSAGES, **_STREAMED))


async def _in_a_thread(url: str) -> Any:
    return await asyncio.to_thread(completion, url)


WHOLE: dict[str, Form] = {
    "completion": _sync(completion),
    "completion, by position": _sync(lambda url: litellm.completion(MODEL, MESSAGES, **options(url))),
    "completion, of main": _sync(lambda url: litellm.main.completion(MODEL, MESSAGES, **options(url))),
    "completion, model without provider": _sync(
        lambda url: litellm.completion("gpt-4o-mini", MESSAGES, **options(url))
    ),
    "completion, in a thread": _async(_in_a_thread),
    "router": _sync(lambda url: router_of(url).completion("group", MESSAGES)),
    "acompletion": _async(acompletion),
    "acompletion, by position": _async(lambda url: litellm.acompletion(MODEL, MESSAGES, **options(url))),
    "router, async": _async(lambda url: router_of(url).acompletion(model="group", messages=MESSAGES)),
}
"""Forms that get a whole chat completion. Each takes the server's URL and gives what its caller has read."""

STREAMED: dict[str, Form] = {
    "stream": _sync(stream),
    "router, stream": _sync(lambda url: list(router_of(url).completion("group", MESSAGES, **_STREAMED))),
    "async stream": _async(astream),
    "router, async stream": _async(_arouter_stream),
}
"""Forms that read a streamed chat completion to its end."""


def kind_of(error: BaseException) -> str:
    """The class of what litellm raises. Of its own it takes one by numbers in the text, be it a port's."""
    return "an error of the API" if isinstance(error, openai.APIError) else type(error).__name__
