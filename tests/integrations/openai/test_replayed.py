"""A wrapped client gives what an unwrapped one gives over the same server, object by object."""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from fake_openai import (
    FakeOpenAI,
    Json,
    Reply,
    completion,
    failure,
    interactions_of,
    streamed,
    text_chunks,
    whole,
)
from fake_responses import (
    FUNCTION_CALL,
    ITEMS,
    REASONING,
    message,
    named,
    response,
    response_events,
    streamed_response,
)
from openai_forms import RESPONDED, collected, helpers
from recordings import recording
from spanscore import wrap_openai
from spanscore.testing import recorded_spans

RECORDED = (
    "litellm_completion_metrics",
    "openai_chat_metrics",
    "openai_chat_streaming_sync",
    "openai_client_error",
    "openai_parallel_tool_calls",
    "openai_responses_metrics",
)
CHAT: Json = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
RESPONSE: Json = {"model": "m", "input": "hi"}
TEXT = "ä — 😀 \u2028 end"
ANSWER = response(REASONING, FUNCTION_CALL, message(TEXT))
MADE: dict[str, tuple[Json, Reply]] = {
    "a chat": (CHAT, whole(completion(TEXT, None))),
    "a streamed chat": ({**CHAT, "stream": True}, streamed(text_chunks("ä", " — 😀", "\u2028"))),
    "a streamed chat that is broken off": (
        {**CHAT, "stream": True},
        streamed(text_chunks("one", "two")[:2], is_cut=True),
    ),
    "a streamed chat with an error": (
        {**CHAT, "stream": True},
        streamed([*text_chunks("one")[:2], {"error": {"message": "overloaded", "code": "busy"}}]),
    ),
    "a chat that is refused": (CHAT, failure(400, "no")),
    "a chat that is no JSON": (CHAT, Reply(body='{"choices": [')),
    "a response": (RESPONSE, whole(response(*ITEMS, message(TEXT)))),
    "a streamed response": ({**RESPONSE, "stream": True}, streamed_response(ANSWER)),
    "a streamed response that is broken off": (
        {**RESPONSE, "stream": True},
        named(response_events(ANSWER)[:30], is_cut=True),
    ),
    "a response that is refused": (RESPONSE, failure(401, "no")),
}
if not RESPONDED:
    for name in [name for name in MADE if "response" in name]:
        del MADE[name]


def cut(reply: Reply, seed: int) -> Reply:
    """The same in pieces of random length; with seed 0 of one byte each."""
    size = len(reply.body.encode())
    chance = random.Random(seed)
    cuts = (
        range(1, size) if seed == 0 else sorted(chance.sample(range(1, size), min(size // 20 + 1, size - 1)))
    )
    return replace(reply, cuts=tuple(cuts))


def told(answer: Any) -> Any:
    """A client's object with what it says besides its fields."""
    return answer, getattr(answer, "_request_id", None)


def failed(error: BaseException) -> Any:
    """An exception with everything that its catcher can look at."""
    names = ("status_code", "code", "param", "type", "body", "request_id", "message")
    answer = getattr(error, "response", None)
    headers = {} if answer is None else {key: value for key, value in answer.headers.items() if key != "date"}
    said = [getattr(error, name, None) for name in names]
    return type(error), str(error), said, headers, type(error.__cause__), str(error.__cause__)


def resource_of(client: Any, request: Json) -> Any:
    return client.responses if "input" in request else client.chat.completions


def create(client: OpenAI, request: Json) -> Iterator[Any]:
    answer = resource_of(client, request).create(**request)
    if not request.get("stream"):
        yield told(answer)
        return
    for chunk in answer:
        yield told(chunk)


def raw(client: OpenAI, request: Json) -> Iterator[Any]:
    answer = resource_of(client, request).with_raw_response.create(**request)
    yield {name: value for name, value in answer.headers.items() if name != "date"}
    yield answer.status_code, answer.http_response.request.method, answer.retries_taken
    parsed = answer.parse()
    yield from parsed if request.get("stream") else [told(parsed)]


def pieces(client: OpenAI, request: Json) -> Iterator[Any]:
    with resource_of(client, request).with_streaming_response.create(**request) as answer:
        yield answer.status_code
        yield from answer.iter_bytes()


def lines(client: OpenAI, request: Json) -> Iterator[Any]:
    with resource_of(client, request).with_streaming_response.create(**request) as answer:
        yield from answer.iter_lines()


def helper(client: OpenAI, request: Json) -> Iterator[Any]:
    asked = {name: value for name, value in request.items() if name not in ("stream", "stream_options")}
    is_response = "input" in request
    manager: Any = client.responses if is_response else helpers(client)
    with manager.stream(**asked) as stream:
        for event in stream:
            yield type(event), event.to_dict() if hasattr(event, "to_dict") else event
        yield stream.get_final_response() if is_response else stream.get_final_completion()


async def acreate(client: AsyncOpenAI, request: Json, into: list[Any]) -> None:
    answer = await resource_of(client, request).create(**request)
    if not request.get("stream"):
        into.append(told(answer))
        return
    async for chunk in answer:
        into.append(told(chunk))  # noqa: PERF401 - what came before an error counts too


async def araw(client: AsyncOpenAI, request: Json, into: list[Any]) -> None:
    answer = await resource_of(client, request).with_raw_response.create(**request)
    into.append((answer.status_code, answer.retries_taken))
    parsed = answer.parse()
    into.extend(await collected(parsed) if request.get("stream") else [told(parsed)])


async def apieces(client: AsyncOpenAI, request: Json, into: list[Any]) -> None:
    async with resource_of(client, request).with_streaming_response.create(**request) as answer:
        async for piece in answer.iter_bytes():
            into.append(piece)  # noqa: PERF401 - what came before an error counts too


def read(form: Callable[[OpenAI, Json], Iterator[Any]], client: OpenAI, request: Json) -> list[Any]:
    """What a caller gets one after another, and how it ends."""
    got: list[Any] = []
    try:
        for one in form(client, request):
            got.append(one)  # noqa: PERF402 - what came before an error counts too
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        got.append(failed(error))
    return got


async def aread(
    form: Callable[[AsyncOpenAI, Json, list[Any]], Awaitable[None]], client: AsyncOpenAI, request: Json
) -> list[Any]:
    got: list[Any] = []
    try:
        await form(client, request, got)
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        got.append(failed(error))
    return got


def sent(server: FakeOpenAI) -> list[Any]:
    """The requests that came in since the last time, without what is of this client alone."""
    came = [
        (received.method, received.path, received.body, attempt(received)) for received in server.received
    ]
    server.received.clear()
    return came


def attempt(received: Any) -> str | None:
    headers = {name.lower(): value for name, value in received.headers.items()}
    return headers.get("x-stainless-retry-count")


def options(server: FakeOpenAI, retries: int) -> Json:
    return {"api_key": "none", "base_url": server.url, "max_retries": retries, "timeout": 20}


def compared(server: FakeOpenAI, request: Json, *replies: Reply, retries: int = 0) -> int:
    """Read by every form with both clients; gives the number of requests of one reading."""
    count = 0
    with (
        OpenAI(**options(server, retries), http_client=DefaultHttpxClient(verify=False)) as bare,
        OpenAI(**options(server, retries), http_client=DefaultHttpxClient(verify=False)) as other,
    ):
        wrapped = wrap_openai(other)
        forms = [create, raw, pieces, lines, *([helper] if request.get("stream") else [])]
        for form in forms:
            server.reply(*replies)
            expected = read(form, bare, request)
            assert not is_our_mistake(expected[-1])
            requests = sent(server)
            with recorded_spans() as recorded:
                server.reply(*replies)
                assert (form.__name__, read(form, wrapped, request)) == (form.__name__, expected)
            assert (form.__name__, sent(server)) == (form.__name__, requests)
            assert (form.__name__, len(recorded.spans)) == (form.__name__, 1)
            count = len(requests)
    return count


async def acompared(server: FakeOpenAI, request: Json, *replies: Reply, retries: int = 0) -> None:
    async with (
        AsyncOpenAI(**options(server, retries), http_client=DefaultAsyncHttpxClient(verify=False)) as bare,
        AsyncOpenAI(**options(server, retries), http_client=DefaultAsyncHttpxClient(verify=False)) as other,
    ):
        wrapped = wrap_openai(other)
        for form in (acreate, araw, apieces):
            server.reply(*replies)
            expected = await aread(form, bare, request)
            assert not is_our_mistake(expected[-1])
            requests = sent(server)
            with recorded_spans() as recorded:
                server.reply(*replies)
                assert (form.__name__, await aread(form, wrapped, request)) == (form.__name__, expected)
            assert (form.__name__, sent(server)) == (form.__name__, requests)
            assert (form.__name__, len(recorded.spans)) == (form.__name__, 1)


def is_our_mistake(last: Any) -> bool:
    """Whether a form was called in a way that the client does not have."""
    return isinstance(last, tuple) and last[0] in (TypeError, AttributeError)


def interactions(name: str) -> list[tuple[Json, Reply]]:
    return list(interactions_of(recording(name)))


@pytest.mark.recorded
@pytest.mark.parametrize("name", RECORDED)
async def test_recorded_answers(name: str, server: FakeOpenAI) -> None:
    for request, reply in interactions(name):
        if "input" in request and not RESPONDED:
            pytest.skip("openai is too old")
        compared(server, request, reply)
        await acompared(server, request, reply)


@pytest.mark.recorded
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("name", ["openai_chat_streaming_sync", "openai_parallel_tool_calls"])
async def test_recorded_streams_cut_into_pieces(name: str, seed: int, server: FakeOpenAI) -> None:
    for request, reply in interactions(name):
        if request.get("stream"):
            compared(server, request, cut(reply, seed))
            await acompared(server, request, cut(reply, seed))


@pytest.mark.parametrize("name", MADE)
async def test_answers_that_are_made(name: str, server: FakeOpenAI) -> None:
    request, reply = MADE[name]
    for seed in (None, 0, 1, 2):
        answer = reply if seed is None else cut(reply, seed)
        compared(server, request, answer)
        await acompared(server, request, answer)


@pytest.mark.parametrize("name", ["a chat", "a streamed chat", "a response", "a streamed response"])
@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
async def test_answers_after_a_retry(name: str, status: int, server: FakeOpenAI) -> None:
    if name not in MADE:
        pytest.skip("openai is too old")
    request, reply = MADE[name]
    assert compared(server, request, failure(status, "later"), reply, retries=2) == 2
    await acompared(server, request, failure(status, "later"), reply, retries=2)


@pytest.mark.parametrize("name", ["a chat", "a streamed chat", "a response", "a streamed response"])
@pytest.mark.parametrize("status", [429, 500])
async def test_the_last_failure_when_every_attempt_fails(name: str, status: int, server: FakeOpenAI) -> None:
    if name not in MADE:
        pytest.skip("openai is too old")
    replies = [failure(status, f"attempt {number}") for number in range(3)]
    assert compared(server, MADE[name][0], *replies, retries=2) == 3
    await acompared(server, MADE[name][0], *replies, retries=2)


def test_an_address_where_nobody_listens(server: FakeOpenAI) -> None:
    nowhere: Json = {"api_key": "none", "base_url": "http://127.0.0.1:1/v1", "max_retries": 1}
    with OpenAI(**nowhere) as bare, OpenAI(**nowhere) as other:
        expected = read(create, bare, CHAT)
        assert expected[0][0] is openai.APIConnectionError
        assert read(create, wrap_openai(other), CHAT) == expected
