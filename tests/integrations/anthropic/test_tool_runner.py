"""A run of the tool runner is a task; the calls of model and tools are below it, in their real order."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan

from anthropic_forms import ASKED, INPUT, VERSION, async_client_of, bare, client_of, ours
from fake_anthropic import (
    FakeAnthropic,
    block,
    delta,
    end,
    failure,
    message,
    start,
    streamed,
    text,
    text_events,
    tool_use,
    whole,
)
from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations.anthropic import patch
from spanscore.testing import CountingIds, RecordedRecords, recorded_spans
from spanscore.tracing import TracerProvider

pytestmark = pytest.mark.skipif(VERSION < (0, 69), reason="this version has no tool runner")

REPLIES = (
    whole(message("Let me see.", tool_use(1, city="Rome"), tool_use(2, city="Oslo"), stop_reason="tool_use")),
    whole(message("Sunny, and rain.")),
)
STREAMS = (
    streamed(
        [
            start(),
            *block(0, tool_use(1), delta(0, "input_json_delta", partial_json='{"city": "Rome"}')),
            *block(1, tool_use(2), delta(1, "input_json_delta", partial_json='{"city": "Oslo"}')),
            *end("tool_use"),
        ]
    ),
    streamed(text_events("Sunny, and rain.")),
)
OUTPUT = {"role": "assistant", "content": [text("Sunny, and rain.")], "stop_reason": "end_turn"}
TOTALS = {
    "prompt_tokens": 10,
    "completion_tokens": 14,
    "prompt_cached_tokens": 0,
    "prompt_cache_creation_tokens": 0,
    "tokens": 24,
}
TASK = "anthropic.messages.tool_runner"
# Newer versions send only what is new; the whole conversation shows better what tools gave.
WHOLE_HISTORY: Any = {"thread": False} if VERSION >= (2,) else {}


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    """Through OpenTelemetry's global provider, where newer clients report their own spans to."""
    provider = TracerProvider(id_generator=CountingIds(), shutdown_on_exit=False)
    trace.set_tracer_provider(provider)
    with recorded_spans(provider=provider) as recorded:
        yield recorded


def weather(city: str) -> str:
    """The weather of a city."""
    return {"Rome": "sunny", "Oslo": "rain"}[city]


async def async_weather(city: str) -> str:
    return weather(city)


def tools() -> list[Any]:
    return [anthropic.beta_tool(weather)]


def async_tools() -> list[Any]:
    return [anthropic.beta_async_tool(async_weather, name="weather", description="The weather of a city.")]


def runner(client: Anthropic, **options: Any) -> Any:
    given: Any = {**ASKED, "tools": tools(), **WHOLE_HISTORY, **options}
    return client.beta.messages.tool_runner(**given)


def async_runner(client: AsyncAnthropic, **options: Any) -> Any:
    given: Any = {**ASKED, "tools": async_tools(), **WHOLE_HISTORY, **options}
    return client.beta.messages.tool_runner(**given)


def shape(spans: list[ReadableSpan]) -> list[tuple[str, str, str | None]]:
    """Name, type and the name of the span above, in the order of their starts."""
    names = {one.get_span_context().span_id: one.name for one in spans}  # pyright: ignore[reportOptionalMemberAccess]
    return [
        (
            one.name,
            attribute(one, "span_attributes")["type"],
            names[one.parent.span_id] if one.parent else None,
        )
        for one in sorted(spans, key=lambda span: span.start_time or 0)
    ]


def expected_shape(call: str) -> list[tuple[str, str, str | None]]:
    return [
        (TASK, "task", None),
        (call, "llm", TASK),
        ("weather", "tool", TASK),
        ("weather", "tool", TASK),
        (call, "llm", TASK),
    ]


def task_of(spans: list[ReadableSpan]) -> ReadableSpan:
    (task,) = [one for one in spans if one.name == TASK]
    return task


def check(recorded: RecordedRecords, call: str) -> None:
    assert recorded.spans == ours(recorded.spans)
    assert shape(recorded.spans) == expected_shape(call)
    task = told(task_of(recorded.spans))
    for one in task["output"]["content"]:
        if one.get("citations", ()) is None:
            del one["citations"]  # the helper of older versions adds it
    assert task == {
        "input": INPUT,
        "output": OUTPUT,
        "metadata": None,
        "metrics": TOTALS,
    }
    calls = [told(one) for one in recorded.spans if one.name == "weather"]
    assert [(one["input"], one["output"]) for one in calls] == [
        ({"city": "Rome"}, "sunny"),
        ({"city": "Oslo"}, "rain"),
    ]


Run = Callable[[Anthropic], Any]
RUNS: dict[str, tuple[Run, Any, str]] = {
    "iterated": (lambda client: list(runner(client)), REPLIES, "anthropic.messages.create"),
    "until done": (lambda client: runner(client).until_done(), REPLIES, "anthropic.messages.create"),
    "streamed": (
        lambda client: [list(stream) for stream in runner(client, stream=True)],
        STREAMS,
        "anthropic.messages.stream",
    ),
    "streamed, until done": (
        lambda client: runner(client, stream=True).until_done(),
        STREAMS,
        "anthropic.messages.stream",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run(name: str, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    run, replies, call = RUNS[name]
    server.reply(*replies)
    with client_of(server.url) as client:
        run(client)
    check(recorded, call)


@pytest.mark.parametrize("name", RUNS)
def test_the_program_gets_what_the_bare_client_gives(name: str, server: FakeAnthropic) -> None:
    run, replies, _ = RUNS[name]
    server.reply(*replies, *replies)
    with client_of(server.url, wrap=bare) as client:
        expected = run(client)
    with recorded_spans(), client_of(server.url) as client:
        assert run(client) == expected
    sent = [one.body for one in server.received]
    assert sent[:2] == sent[2:]


@pytest.mark.parametrize("is_streamed", [False, True])
async def test_an_async_run(is_streamed: bool, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(*(STREAMS if is_streamed else REPLIES))
    async with async_client_of(server.url) as client:
        async for item in async_runner(client, stream=is_streamed):
            if is_streamed:
                [_ async for _ in item]
    check(recorded, "anthropic.messages.stream" if is_streamed else "anthropic.messages.create")


def test_all_runners_are_recorded_until_that_is_undone(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(*REPLIES, *REPLIES)
    undo = patch()
    with client_of(server.url, wrap=bare) as client:
        list(runner(client))
        check(recorded, "anthropic.messages.create")
        undo()
        list(runner(client))
    assert len(ours(recorded.spans)) == 5


def test_patched_and_wrapped_it_is_recorded_once(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(*REPLIES)
    undo = patch()
    with client_of(server.url) as client:
        list(runner(client))
    undo()
    check(recorded, "anthropic.messages.create")


def test_the_program_is_in_its_own_context_between_the_answers(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(*REPLIES)
    with client_of(server.url) as client, start_span("agent"):
        before = otel_context.get_current()
        for _ in runner(client):
            assert otel_context.get_current() is before
        assert otel_context.get_current() is before
    (outer,) = [one for one in recorded.spans if one.name == "agent"]
    assert task_of(recorded.spans).parent == outer.get_span_context()


def test_a_run_that_is_broken_off_is_no_error(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(*REPLIES)
    with client_of(server.url) as client:
        for _ in runner(client):
            break
        gc.collect()
    task = task_of(recorded.spans)
    assert attribute(task, "output_json")["stop_reason"] == "tool_use"
    assert task.status.status_code is trace.StatusCode.UNSET


def test_a_run_that_fails_is_an_error(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(REPLIES[0], failure(400, said="too long"))
    with client_of(server.url) as client, pytest.raises(anthropic.BadRequestError, match="too long"):
        list(runner(client))
    task = task_of(recorded.spans)
    assert "too long" in str(task.status.description)
    assert shape(recorded.spans) == expected_shape("anthropic.messages.create")


def test_without_recording_it_works_as_ever(server: FakeAnthropic) -> None:
    server.reply(*REPLIES)
    with client_of(server.url) as client:
        assert len(list(runner(client))) == 2


@pytest.mark.skipif(VERSION < (2,), reason="tools do not run early in this version")
def test_tools_that_run_while_the_answer_is_read_are_below_the_task(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(*STREAMS)
    with client_of(server.url) as client, start_span("agent"):
        for stream in runner(client, stream=True, run_tools_eagerly=True):
            list(stream)
    calls = [one for one in recorded.spans if one.name == "weather"]
    assert [one.parent for one in calls] == [task_of(recorded.spans).get_span_context()] * 2
