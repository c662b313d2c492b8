"""Every form of a call gives one span that tells what was asked and answered; callers get litellm's own."""

import asyncio
import inspect
from pathlib import Path
from typing import Any

import openai
import pytest
from opentelemetry.trace import StatusCode

import fake_anthropic
from fake_anthropic import FakeAnthropic
from fake_openai import FakeOpenAI, completion, failure, streamed, text_chunks, whole
from litellm_forms import MESSAGES, MODEL, STREAMED, WHOLE, litellm, options, router_of
from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations import answers_cached
from spanscore.integrations import openai as openai_instrument
from spanscore.integrations.litellm import patch
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.wire.http_attempts import HTTP_ATTEMPTS, HttpAttempt

ANSWER = "Hello from the fake server"
TOLD: dict[str, Any] = {
    "input": MESSAGES,
    "output": [{"finish_reason": "stop", "index": 0, "message": {"content": ANSWER, "role": "assistant"}}],
    "metadata": {"provider": "openai", "model": "gpt-4o-mini-2024-07-18"},
    "metrics": {"tokens": 12, "prompt_tokens": 5, "completion_tokens": 7},
}
USAGE_STREAMED = {"tokens": 10, "prompt_tokens": 5, "completion_tokens": 5, "time_to_first_token": True}


@pytest.mark.parametrize("name", [*WHOLE, *STREAMED])
async def test_the_caller_gets_what_it_gets_without_us(name: str, server: FakeOpenAI) -> None:
    form = {**WHOLE, **STREAMED}[name]
    wanted = await form(server.url)
    undo = patch()
    try:
        assert await form(server.url) == wanted
        with recorded_spans() as recorded:
            assert await form(server.url) == wanted
        assert len(recorded.spans) == 1
    finally:
        undo()
    sent = [received.body for received in server.received]
    assert sent[1:] == sent[:2]


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", WHOLE)
async def test_a_whole_answer_is_told(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    await WHOLE[name](server.url)
    assert [(span.name, told(span)) for span in recorded.spans] == [("Chat Completion", TOLD)]


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", STREAMED)
async def test_a_streamed_answer_is_told_like_a_whole_one(
    name: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    await STREAMED[name](server.url)
    (span,) = recorded.spans
    given = told(span)
    # Chunks of older versions name the model as it was asked.
    assert given["metadata"].pop("model") in ("gpt-4o-mini-2024-07-18", "gpt-4o-mini")
    assert given == {**TOLD, "metadata": {"provider": "openai"}, "metrics": USAGE_STREAMED}


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", [*WHOLE, *STREAMED])
async def test_a_recorded_client_below_gives_no_span_of_its_own(
    name: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    undo = openai_instrument.patch()
    try:
        await {**WHOLE, **STREAMED}[name](server.url)
    finally:
        undo()
    assert [span.name for span in recorded.spans] == ["Chat Completion"]


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", [*WHOLE, *STREAMED])
async def test_an_error_is_litellms_own_and_recorded(
    name: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(404, "no such model"))
    with pytest.raises(openai.APIStatusError, match="no such model") as raised:
        await {**WHOLE, **STREAMED}[name](server.url)
    assert type(raised.value).__module__ == "litellm.exceptions"
    (span,) = recorded.spans
    attributes = span.attributes or {}
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (MESSAGES, None)
    assert attributes["error.type"] == f"litellm.exceptions.{type(raised.value).__name__}"
    assert attributes["http.response.status_code"] == raised.value.status_code
    assert attributes["gen_ai.provider.name"] == "openai"
    assert span.status.status_code is StatusCode.ERROR


@pytest.mark.usefixtures("patched")
async def test_the_clients_of_other_providers_are_told_by_their_names(recorded: RecordedRecords) -> None:
    with FakeAnthropic() as server:
        asked: Any = {"messages": MESSAGES, "api_base": server.url, "api_key": "none"}
        litellm.completion(model="anthropic/claude-3-haiku-20240307", **asked)
        await litellm.acompletion(model="claude-sonnet-4-5-20250929", **asked)
        list(litellm.completion(model="anthropic/claude-3-haiku-20240307", stream=True, **asked))
    metadata = {"provider": "anthropic", "model": fake_anthropic.MODEL}
    assert [attribute(span, "metadata") for span in recorded.spans] == [metadata] * 3
    named = [(span.attributes or {})["gen_ai.provider.name"] for span in recorded.spans]
    assert named == ["anthropic"] * 3


@pytest.mark.usefixtures("patched")
def test_attempts_and_fallbacks_are_one_span(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(500), failure(500))
    litellm.completion(MODEL, MESSAGES, num_retries=2, **options(server.url))
    server.reply(failure(404))
    litellm.completion(
        MODEL, MESSAGES, fallbacks=[{"model": "openai/gpt-4.1", **options(server.url)}], **options(server.url)
    )
    assert [received.body["model"] for received in server.received[3:]] == ["gpt-4o-mini", "gpt-4.1"]
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET] * 2


@pytest.mark.usefixtures("patched")
async def test_attempts_and_fallbacks_of_a_router_are_one_span(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    router = router_of(server.url, "openai/gpt-4.1")
    for _ in range(2):
        server.reply(failure(400), whole(completion("hi", model="gpt-4.1-2025-04-14")))
    router.completion("group", MESSAGES)
    await router.acompletion("group", MESSAGES)
    assert [attribute(span, "metadata")["model"] for span in recorded.spans] == ["gpt-4.1-2025-04-14"] * 2
    assert [span.status.status_code for span in recorded.spans] == [StatusCode.UNSET] * 2


@pytest.mark.usefixtures("patched")
async def test_what_a_router_makes_of_functions_is_recorded(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    answer = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": "gpt-4o-mini-2024-07-18",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12},
    }
    server.reply(whole(answer), failure(400), whole(answer))
    router = router_of(server.url, "openai/gpt-4.1")
    router.responses(model="group", input="hi")
    await router.aresponses(model="group", input="hi")
    assert [span.name for span in recorded.spans] == ["openai.responses.create"] * 2
    assert [attribute(span, "input_json") for span in recorded.spans] == ["hi"] * 2


def test_who_has_imported_a_function_before_calls_the_bare_one(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    before = litellm.completion
    undo = patch()
    try:
        after = litellm.completion
        before(MODEL, MESSAGES, **options(server.url))
        assert recorded.spans == []
        after(MODEL, MESSAGES, **options(server.url))
    finally:
        undo()
    after(MODEL, MESSAGES, **options(server.url))
    assert len(recorded.spans) == 1


def test_functions_keep_their_names_and_signatures() -> None:
    names = ("completion", "acompletion", "embedding", "aembedding", "responses", "text_completion")
    before = {name: getattr(litellm, name) for name in names}
    undo = patch()
    try:
        for name, function in before.items():
            now = getattr(litellm, name)
            assert now is not function
            assert (now.__name__, now.__doc__) == (function.__name__, function.__doc__)
            assert inspect.signature(now) == inspect.signature(function)
            assert inspect.iscoroutinefunction(now) is inspect.iscoroutinefunction(function)
    finally:
        undo()
    assert all(getattr(litellm, name) is function for name, function in before.items())


@pytest.mark.usefixtures("patched")
def test_what_is_wanted_on_the_span_is_not_sent(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    info = {"metadata": {"prompt": {"id": "p"}}, "name": "greet", "span_attributes": {"purpose": "scorer"}}
    litellm.completion(MODEL, MESSAGES, span_info=info, **options(server.url))
    litellm.completion(MODEL, MESSAGES, extra_body={"span_info": info, "seed": 1}, **options(server.url))
    assert [sorted(received.body) for received in server.received] == [
        ["messages", "model"],
        ["messages", "model", "seed"],
    ]
    assert [span.name for span in recorded.spans] == ["greet", "greet"]
    assert [attribute(span, "metadata")["prompt"] for span in recorded.spans] == [{"id": "p"}] * 2
    assert attribute(recorded.spans[0], "span_attributes") == {"type": "llm", "purpose": "scorer"}


@pytest.mark.usefixtures("patched")
def test_what_is_wanted_on_the_span_is_not_sent_without_recording_either(server: FakeOpenAI) -> None:
    litellm.completion(MODEL, MESSAGES, span_info={"name": "greet"}, **options(server.url))
    assert sorted(server.received[0].body) == ["messages", "model"]


@pytest.mark.usefixtures("patched")
def test_the_span_is_below_the_current_one(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    with start_span("outer"):
        litellm.completion(MODEL, MESSAGES, **options(server.url))
    inner, outer = recorded.spans
    assert inner.parent == outer.get_span_context()


@pytest.mark.usefixtures("patched")
async def test_calls_side_by_side_have_spans_of_their_own(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    async def ask(text: str) -> None:
        messages = [{"role": "user", "content": text}]
        async for _ in await litellm.acompletion(MODEL, messages, stream=True, **options(server.url)):
            await asyncio.sleep(0)

    await asyncio.wait([asyncio.ensure_future(ask(str(number))) for number in range(8)])
    texts = sorted(attribute(span, "input_json")[0]["content"] for span in recorded.spans)
    assert texts == [str(number) for number in range(8)]
    answers = {attribute(span, "output_json")[0]["message"]["content"] for span in recorded.spans}
    assert answers == {ANSWER}


@pytest.mark.usefixtures("patched")
def test_its_own_callbacks_go_on(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(litellm, "input_callback", [lambda details: seen.append(details["model"])])
    litellm.completion(MODEL, MESSAGES, **options(server.url))
    assert (seen, len(recorded.spans)) == (["gpt-4o-mini"], 1)


@pytest.mark.usefixtures("patched")
def test_a_mocked_answer_is_told_too(recorded: RecordedRecords) -> None:
    answer = litellm.completion(MODEL, MESSAGES, mock_response="as told")
    assert answer.choices[0].message.content == "as told"
    chunks = list(litellm.completion(MODEL, MESSAGES, mock_response="as told", stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "as told"
    contents = [attribute(span, "output_json")[0]["message"]["content"] for span in recorded.spans]
    assert contents == ["as told", "as told"]


@pytest.mark.usefixtures("patched")
def test_parameters_that_a_provider_does_not_take_are_dropped_where_that_is_wanted(
    recorded: RecordedRecords,
) -> None:
    with FakeAnthropic() as server:
        litellm.completion(
            "anthropic/claude-3-haiku-20240307",
            MESSAGES,
            frequency_penalty=0.5,
            drop_params=True,
            api_base=server.url,
            api_key="none",
        )
    assert "frequency_penalty" not in server.received[0].body
    assert attribute(recorded.spans[0], "metadata")["frequency_penalty"] == 0.5


@pytest.mark.usefixtures("patched")
def test_a_stream_stays_litellms_own(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(text_chunks("a", "b")))
    stream = litellm.completion(MODEL, MESSAGES, stream=True, **options(server.url))
    assert isinstance(stream, litellm.CustomStreamWrapper)
    assert type(stream).__name__ == "CustomStreamWrapper"
    assert stream.custom_llm_provider == "openai"
    assert recorded.spans == []
    next(stream)
    list(stream)
    assert len(recorded.spans) == 1


@pytest.mark.usefixtures("patched")
def test_the_price_is_that_of_who_has_answered(server: FakeOpenAI) -> None:
    pytest.importorskip("genai_prices", reason="prices need the extra cost")
    server.reply(whole(completion("hi", usage={"prompt_tokens": 1000, "completion_tokens": 100})))
    with recorded_spans(estimate_cost=True) as recorded:
        router_of(server.url).completion("group", MESSAGES)
    metrics = attribute(recorded.spans[0], "metrics")
    assert metrics["estimated_cost"] == pytest.approx((1000 * 0.15 + 100 * 0.60) / 1e6)


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", [*WHOLE, *STREAMED])
async def test_every_attempt_is_heard(name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    form = {**WHOLE, **STREAMED}[name]
    heard: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(heard.append):
        await form(server.url)
    host = f"127.0.0.1:{server.port}"
    assert [(attempt.host, attempt.status) for attempt in heard] == [(host, 200)] * len(server.received)


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("name", [*WHOLE, *STREAMED])
async def test_a_kept_answer_is_given_again(
    name: str, server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path
) -> None:
    form = {**WHOLE, **STREAMED}[name]
    with answers_cached(tmp_path):
        first = await form(server.url)
        asked = len(server.received)
        assert await form(server.url) == first
    assert len(server.received) == asked
    paid, free = recorded.spans
    assert attribute(free, "metadata") == {**attribute(paid, "metadata"), "cached": True}
    assert attribute(free, "metrics")["estimated_cost"] == 0


@pytest.mark.usefixtures("patched")
def test_retries_of_a_client_below_are_heard(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(429), failure(500))
    heard: list[HttpAttempt] = []
    with HTTP_ATTEMPTS.listening(heard.append):
        litellm.completion(model=MODEL, messages=MESSAGES, **{**options(server.url), "max_retries": 2})
    assert [attempt.status for attempt in heard] == [429, 500, 200]
    assert len(recorded.spans) == 1
