"""What agents do becomes a tree of spans, in the order in which they do it."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false, reportUntypedBaseClass=false, reportUntypedFunctionDecorator=false

import asyncio
from collections.abc import Iterator
from typing import Any

import agents
import pytest
from agents import Agent, Runner, function_tool
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from fake_openai import FakeOpenAI, Json, chunk, completion, failure, streamed, text_chunks, whole
from fake_responses import message, response, streamed_response
from span_reading import attribute, told
from span_tree import outline
from spanscore import start_span, traced
from spanscore.integrations.openai_agents import SpanscoreTracingProcessor, patch
from spanscore.integrations.openai_agents._processor import OPEN
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.usefixtures("_patched")

MODEL = "gpt-4o-mini-2024-07-18"
CALL = {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": '{"a": 2, "b": 3}'}}
ASKED = [{"role": "user", "content": "2+3?"}]


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    before = otel_context.get_current()
    yield
    assert len(OPEN) == 0
    assert otel_context.get_current() is before


@function_tool
def add(a: int, b: int) -> int:
    """Adds."""
    with start_span("carry"):
        return a + b


def calling(*calls: Json) -> Json:
    """A chat completion that calls tools."""
    whole_answer = completion(None, choices=None)
    message = {"role": "assistant", "content": None, "tool_calls": list(calls)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    return {**whole_answer, "choices": [choice]}


def calling_chunks() -> list[Json]:
    return [
        chunk({"role": "assistant", "content": None, "tool_calls": [{"index": 0, **CALL}]}),
        chunk({}, finish_reason="tool_calls"),
        chunk(usage={"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}),
    ]


def lines_of(recorded: RecordedRecords) -> list[str]:
    """The outline without the steps that came with openai-agents 0.14, and what is below them moved up."""
    return [line for line in outline(recorded.spans) if "turn " not in line and "reading" not in line]


def named(recorded: RecordedRecords, name: str) -> list[ReadableSpan]:
    return [span for span in recorded.spans if span.name == name]


def kinds(recorded: RecordedRecords) -> list[tuple[str, str | None]]:
    """Name and type of each span by the time it started, without those that only newer versions have."""
    flat = [line.strip().split(": ") for line in outline(recorded.spans)]
    found = [(name, kind) for name, kind in flat if not name.startswith(("turn ", "reading"))]
    # The run of newer versions is called like the workflow that it is in.
    return [pair for place, pair in enumerate(found) if place == 0 or pair != found[place - 1]]


AGENT = [
    ("outer", "None"),
    ("Agent workflow", "task"),
    ("Adder", "task"),
    ("Chat Completion", "llm"),
    ("add", "tool"),
    ("carry", "None"),
    ("Chat Completion", "llm"),
]


async def run(agent: Agent[Any], way: str) -> Any:
    if way == "run":
        return await Runner.run(agent, "2+3?")
    result = Runner.run_streamed(agent, "2+3?")
    async for _event in result.stream_events():
        start_span("reading").end()
    return result


def answers(server: FakeOpenAI, way: str) -> None:
    if way == "run":
        server.reply(whole(calling(CALL)), whole(completion("five")))
    else:
        server.reply(streamed(calling_chunks()), streamed(text_chunks("fi", "ve")))


@pytest.mark.parametrize("way", ["run", "stream"])
async def test_an_agent_is_a_task_above_its_calls_and_tools(
    way: str, server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords
) -> None:
    answers(server, way)
    settings = agents.ModelSettings(temperature=0.5, include_usage=True)
    agent = Agent(name="Adder", instructions="be", model=chat_model, tools=[add], model_settings=settings)
    with start_span("outer"):
        before = otel_context.get_current()
        assert (await run(agent, way)).final_output == "five"
        assert otel_context.get_current() is before
    assert kinds(recorded) == AGENT
    first, second = named(recorded, "Chat Completion")
    system = {"role": "system", "content": "be"}
    assert told(first)["input"] == [system, *ASKED]
    assert told(first)["output"] == [
        {"index": 0, "message": {"role": "assistant", "content": None, "tool_calls": [CALL]}}
    ]
    assert told(first)["metadata"] == {"model": "gpt-4o-mini", "provider": "openai", "temperature": 0.5}
    count = 2 if way == "stream" else 7
    assert told(first)["metrics"] == {"prompt_tokens": 5, "completion_tokens": count, "tokens": 5 + count}
    assert told(second)["output"] == [{"index": 0, "message": {"role": "assistant", "content": "five"}}]
    (tool,) = named(recorded, "add")
    assert told(tool) == {"input": {"a": 2, "b": 3}, "output": 5, "metadata": None, "metrics": None}
    assert (tool.attributes or {})["gen_ai.tool.name"] == "add"
    (adder,) = named(recorded, "Adder")
    assert told(adder) == {
        "input": told(first)["input"],
        "output": told(second)["output"],
        "metadata": None,
        "metrics": {"prompt_tokens": 10, "completion_tokens": 2 * count, "tokens": 10 + 2 * count},
    }
    workflow = named(recorded, "Agent workflow")[-1]
    assert told(workflow) == told(adder)
    for span in recorded.spans:
        assert (span.start_time or 0) <= (span.end_time or 0)
        assert (workflow.start_time or 0) <= (span.start_time or 0) or span.name == "outer"


@pytest.mark.usefixtures("_client_recorded")
@pytest.mark.parametrize("way", ["run", "stream"])
async def test_with_the_client_recorded_too_a_model_call_is_still_one_span(
    way: str, server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords
) -> None:
    answers(server, way)
    with start_span("outer"):
        await run(Agent(name="Adder", model=chat_model, tools=[add]), way)
    assert kinds(recorded) == AGENT
    for span, received in zip(named(recorded, "Chat Completion"), server.received, strict=True):
        # What was sent, to the letter: that only the client knows.
        assert told(span)["metadata"]["tools"] == received.body["tools"]
        assert ("time_to_first_token" in told(span)["metrics"]) is (way == "stream")
    (adder,) = named(recorded, "Adder")
    assert told(adder)["metrics"]["prompt_tokens"] == 10 or way == "stream"


@pytest.mark.parametrize("way", ["run", "stream"])
@pytest.mark.parametrize("with_client", [False, True], ids=["alone", "with the client"])
async def test_the_responses_api(
    way: str,
    with_client: bool,
    server: FakeOpenAI,
    response_model: Any,
    recorded: RecordedRecords,
    request: pytest.FixtureRequest,
) -> None:
    if with_client:
        request.getfixturevalue("_client_recorded")
    tools = [{"type": "function", "name": "add", "description": "Adds.", "parameters": {}, "strict": True}]
    answer = response(message("five"), instructions="be", tools=tools, tool_choice="auto")
    server.reply(whole(answer) if way == "run" else streamed_response(answer))
    await run(Agent(name="Adder", instructions="be", model=response_model, tools=[add]), way)
    (span,) = named(recorded, "openai.responses.create")
    said = told(span)
    assert said["input"] == [{"role": "system", "content": "be"}, {"role": "user", "content": "2+3?"}]
    assert said["output"] == [message("five")]
    assert said["metadata"]["model"] == MODEL
    assert said["metadata"]["provider"] == "openai"
    assert [tool["function"]["name"] for tool in said["metadata"]["tools"]] == ["add"]
    assert said["metrics"]["prompt_tokens"] == 5
    assert [kind for _name, kind in kinds(recorded)].count("llm") == 1


async def test_what_is_not_to_be_traced_is_not(
    server: FakeOpenAI, response_model: Any, recorded: RecordedRecords
) -> None:
    server.reply(*[whole(response(message("five")))] * 2)
    config = agents.RunConfig(trace_include_sensitive_data=False)
    await Runner.run(Agent(name="Adder", model=response_model), "2+3?", run_config=config)
    (span,) = named(recorded, "openai.responses.create")
    assert (told(span)["input"], told(span)["output"]) == (None, None)
    with recorded_spans() as nothing:
        config = agents.RunConfig(tracing_disabled=True)
        await Runner.run(Agent(name="Adder", model=response_model), "2+3?", run_config=config)
    assert nothing.spans == []


async def test_a_call_that_fails(server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords) -> None:
    server.reply(failure(429))
    before = otel_context.get_current()
    with pytest.raises(Exception, match="no"), start_span("outer"):
        await Runner.run(Agent(name="Adder", model=chat_model), "2+3?")
    assert otel_context.get_current() is before
    (span,) = named(recorded, "Chat Completion")
    # Versions before 0.14 end the span of a chat that failed without a word.
    if span.status.description:
        assert span.status.status_code is StatusCode.ERROR
        assert "429" in span.status.description


async def test_a_tool_that_fails_is_told_to_the_model(
    server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords
) -> None:
    @function_tool
    def fail(text: str) -> str:
        """Fails."""
        raise ValueError(f"no {text}")

    call = {**CALL, "function": {"name": "fail", "arguments": '{"text": "luck"}'}}
    server.reply(whole(calling(call)), whole(completion("sorry")))
    await Runner.run(Agent(name="Adder", model=chat_model, tools=[fail]), "2+3?")
    (span,) = named(recorded, "fail")
    assert span.status.status_code is StatusCode.ERROR
    assert str(span.status.description).startswith("Error running tool (non-fatal)")
    assert told(span)["input"] == {"text": "luck"}


async def test_tools_side_by_side_have_their_own_below_them(
    server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords
) -> None:
    @traced
    async def look(city: str) -> str:
        await asyncio.sleep(0)
        return f"sun in {city}"

    @function_tool
    async def weather(city: str) -> str:
        """Looks."""
        return await look(city)

    calls = [
        {
            "id": f"c{city}",
            "type": "function",
            "function": {"name": "weather", "arguments": f'{{"city": "{city}"}}'},
        }
        for city in ("Rome", "Oslo")
    ]
    server.reply(whole(calling(*calls)), whole(completion("sun")))
    await Runner.run(Agent(name="Weather", model=chat_model, tools=[weather]), "where?")
    above = {span.context.span_id: span for span in named(recorded, "weather") if span.context}
    for span in named(recorded, "look"):
        assert span.parent is not None
        assert told(above[span.parent.span_id])["input"] == told(span)["input"]


async def test_an_agent_as_a_tool_is_below_that_tool(
    server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords
) -> None:
    inner = Agent(name="Inner", model=chat_model)
    tool = inner.as_tool("ask_inner", "Asks.")
    call = {**CALL, "function": {"name": "ask_inner", "arguments": '{"input": "hi"}'}}
    server.reply(whole(calling(call)), whole(completion("ho")), whole(completion("done")))
    await Runner.run(Agent(name="Outer", model=chat_model, tools=[tool]), "2+3?")
    names = [name for name, _kind in kinds(recorded)]
    assert names[:4] == ["Agent workflow", "Outer", "Chat Completion", "ask_inner"]
    assert "Inner" in names[4:]
    (outer,) = named(recorded, "Outer")
    assert told(outer)["input"] == ASKED
    assert told(outer)["output"][0]["message"]["content"] == "done"
    assert told(outer)["metrics"]["tokens"] == 36


async def test_a_handoff(server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords) -> None:
    expert = Agent(name="Expert", model=chat_model)
    call = {**CALL, "function": {"name": "transfer_to_expert", "arguments": "{}"}}
    server.reply(whole(calling(call)), whole(completion("five")))
    result = await Runner.run(Agent(name="Triage", model=chat_model, handoffs=[expert]), "2+3?")
    assert result.final_output == "five"
    (handoff,) = named(recorded, "handoff")
    assert told(handoff)["input"] == {"from_agent": "Triage"}
    assert told(handoff)["output"] == {"to_agent": "Expert"}
    assert [name for name, kind in kinds(recorded) if kind == "task"] == [
        "Agent workflow",
        "Triage",
        "handoff",
        "Expert",
    ]


async def test_a_guardrail(server: FakeOpenAI, chat_model: Any, recorded: RecordedRecords) -> None:
    @agents.input_guardrail(name="polite")
    async def polite(context: Any, agent: Any, given: Any) -> agents.GuardrailFunctionOutput:
        start_span("inside").end()
        return agents.GuardrailFunctionOutput(output_info=None, tripwire_triggered="?" in str(given))

    with pytest.raises(agents.InputGuardrailTripwireTriggered):
        await Runner.run(Agent(name="Adder", model=chat_model, input_guardrails=[polite]), "2+3?")
    (guardrail,) = named(recorded, "polite")
    assert attribute(guardrail, "span_attributes")["type"] == "function"
    assert told(guardrail)["output"] == {"triggered": True}
    (inside,) = named(recorded, "inside")
    assert inside.parent is not None
    assert guardrail.context is not None
    assert inside.parent.span_id == guardrail.context.span_id


def test_spans_of_the_programs_own(recorded: RecordedRecords) -> None:
    with agents.trace("flow", group_id="g", metadata={"user": "u-17"}):
        with agents.custom_span("step", {"input": 1, "output": 2, "note": 3}):
            start_span("inside").end()
        with agents.mcp_tools_span(server="files") as span:
            span.span_data.result = ["read"]
    assert outline(recorded.spans) == [
        "flow: task",
        "  step: task",
        "    inside: None",
        "  mcp_tools: function",
    ]
    (flow,) = named(recorded, "flow")
    assert told(flow)["metadata"] == {"user": "u-17", "group_id": "g"}
    (step,) = named(recorded, "step")
    assert told(step) == {"input": 1, "output": 2, "metadata": {"note": 3}, "metrics": None}
    (tools,) = named(recorded, "mcp_tools")
    assert (told(tools)["input"], told(tools)["output"]) == ({"server": "files"}, ["read"])


async def test_workflows_of_threads_and_tasks_are_kept_apart(recorded: RecordedRecords) -> None:
    def work(name: str) -> None:
        with agents.trace(name), agents.custom_span(f"{name} step", {}):
            start_span(f"{name} inside").end()

    async def await_work(name: str) -> None:
        with agents.trace(name), agents.custom_span(f"{name} step", {}):
            await asyncio.sleep(0)
            start_span(f"{name} inside").end()

    tasks = [asyncio.create_task(await_work(name)) for name in "ab"]
    threads = [asyncio.create_task(asyncio.to_thread(work, name)) for name in "cd"]
    for task in (*tasks, *threads):
        await task
    lines = outline(recorded.spans)
    for name in "abcd":
        at = lines.index(f"{name}: task")
        assert lines[at : at + 3] == [f"{name}: task", f"  {name} step: task", f"    {name} inside: None"]


def test_spans_that_never_end_are_ended_at_the_shutdown(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    with agents.trace("flow") as flow:
        agents.custom_span("lost", {}, parent=flow).start()
    assert [span.name for span in recorded.spans] == ["flow"]
    SpanscoreTracingProcessor().shutdown()
    assert [span.name for span in recorded.spans] == ["flow", "lost"]
    otel_context.attach(before)


def test_two_processors_make_one_span(recorded: RecordedRecords) -> None:
    agents.add_trace_processor(SpanscoreTracingProcessor())
    with agents.trace("flow"), agents.custom_span("step", {}):
        pass
    assert outline(recorded.spans) == ["flow: task", "  step: task"]


def test_undone_it_is_as_before(recorded: RecordedRecords) -> None:
    agents.set_trace_processors([])
    seen = list[str]()

    class Seeing(agents.TracingProcessor):
        def on_trace_start(self, trace: Any) -> None:
            seen.append(trace.name)

        def on_trace_end(self, trace: Any) -> None: ...
        def on_span_start(self, span: Any) -> None: ...
        def on_span_end(self, span: Any) -> None: ...
        def shutdown(self) -> None: ...
        def force_flush(self) -> None: ...

    agents.add_trace_processor(Seeing())
    undo = patch()
    for name in ("a", "b"):
        with agents.trace(name):
            pass
        undo()
    assert [span.name for span in recorded.spans] == ["a"]
    assert seen == ["a", "b"]


def test_nothing_is_recorded_while_recording_is_off() -> None:
    with agents.trace("flow"), agents.custom_span("step", {}):
        assert len(OPEN) == 0


def test_flushing_asks_where_spans_go(recorded: RecordedRecords) -> None:
    processor = SpanscoreTracingProcessor()
    processor.force_flush()
    with recorded_spans():
        processor.force_flush()
