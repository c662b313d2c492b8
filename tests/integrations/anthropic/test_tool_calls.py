"""Calls of tools by a recorded runner are spans, whatever the tool is and gives."""

from typing import Any

import anthropic
import pytest
from opentelemetry import trace

from anthropic_forms import ASKED, VERSION, bare, client_of
from fake_anthropic import FakeAnthropic, message, tool_use, whole
from span_reading import attribute, told
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.skipif(VERSION < (0, 69), reason="this version has no tools that it runs")

WHOLE_HISTORY: Any = {"thread": False} if VERSION >= (2,) else {}


def run(server: FakeAnthropic, tool: Any, name: str = "weather", wrap: Any = None) -> None:
    server.reply(
        whole(message(tool_use(1, name, city="Rome"), stop_reason="tool_use")), whole(message("done"))
    )
    with client_of(server.url, **({} if wrap is None else {"wrap": wrap})) as client:
        client.beta.messages.tool_runner(**ASKED, **WHOLE_HISTORY, tools=[tool]).until_done()


def tool_spans(recorded: RecordedRecords) -> list[Any]:
    return [one for one in recorded.spans if attribute(one, "span_attributes")["type"] == "tool"]


def test_a_function(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    @anthropic.beta_tool
    def weather(city: str) -> list[Any]:
        return [{"type": "text", "text": f"sunny in {city}"}]

    run(server, weather)
    (span,) = tool_spans(recorded)
    assert (span.name, told(span)) == (
        "weather",
        {
            "input": {"city": "Rome"},
            "output": [{"type": "text", "text": "sunny in Rome"}],
            "metadata": None,
            "metrics": None,
        },
    )
    attributes = span.attributes or {}
    assert attributes["gen_ai.operation.name"] == "execute_tool"
    assert attributes["gen_ai.tool.name"] == "weather"


def test_a_function_that_raises(
    server: FakeAnthropic, recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    @anthropic.beta_tool
    def weather(city: str) -> str:
        raise LookupError(f"no {city}")

    run(server, weather)
    (span,) = tool_spans(recorded)
    assert span.status.status_code is trace.StatusCode.ERROR
    assert "no Rome" in str(span.status.description)
    # The runner tells the model, and goes on.
    assert "no Rome" in str(server.received[1].body["messages"][-1])


def memory(base: Any) -> Any:
    class Memory(base):  # defined after the first run was recorded, perhaps
        def to_dict(self) -> Any:
            return {"type": "memory_20250818", "name": "memory"}

        def call(self, input: object) -> Any:
            return f"remembered {input}"

    return Memory


def test_a_tool_of_a_class_of_the_programs(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    from anthropic.lib.tools import BetaBuiltinFunctionTool

    class Forgetful(memory(BetaBuiltinFunctionTool)):
        def call(self, input: object) -> Any:
            return f"{super().call(input)}, then forgot"

    run(server, Forgetful(), "memory")
    (span,) = tool_spans(recorded)
    assert (span.name, told(span)["output"]) == ("memory", "remembered {'city': 'Rome'}, then forgot")


def test_a_tool_that_is_called_by_the_program_itself_is_none(
    server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    @anthropic.beta_tool
    def weather(city: str) -> str:
        return f"sunny in {city}"

    run(server, weather)
    assert weather.call({"city": "Oslo"}) == "sunny in Oslo"
    run(server, weather, wrap=bare)
    assert len(tool_spans(recorded)) == 1


def test_a_runner_within_a_tool_is_a_task_below_it(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    @anthropic.beta_tool
    def weather(city: str) -> str:
        return f"sunny in {city}"

    @anthropic.beta_tool
    def delegate(city: str) -> str:
        run(server, weather)
        return f"asked about {city}"

    server.reply(whole(message(tool_use(1, "delegate", city="Rome"), stop_reason="tool_use")))
    with client_of(server.url) as client:
        client.beta.messages.tool_runner(**ASKED, **WHOLE_HISTORY, tools=[delegate]).until_done()
    by_id = {one.get_span_context().span_id: one for one in recorded.spans}  # pyright: ignore[reportOptionalMemberAccess]
    (inner,) = [one for one in recorded.spans if one.name == "weather"]
    path = [inner.name]
    while inner.parent is not None:
        inner = by_id[inner.parent.span_id]
        path.append(inner.name)
    runner = "anthropic.messages.tool_runner"
    assert path == ["weather", runner, "delegate", runner]


@pytest.mark.skipif(VERSION < (2,), reason="this version has no sets of tools")
def test_a_set_of_tools(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    from anthropic.lib.tools import BetaRunnableToolset

    class Screen(BetaRunnableToolset):
        toolset_name = "computer"

        def to_dict(self) -> Any:
            return {"type": "computer_toolset_20260801"}

        def call(self, context: Any, name: str, input: Any) -> Any:
            return f"{name} {dict(input)}"

    asked = {**tool_use(1, "screenshot", full=True), "toolset_name": "computer"}
    server.reply(whole(message(asked, stop_reason="tool_use")), whole(message("done")))
    with client_of(server.url) as client:
        client.beta.messages.tool_runner(**ASKED, **WHOLE_HISTORY, tools=[Screen()]).until_done()
    (span,) = tool_spans(recorded)
    assert (span.name, told(span)["input"], told(span)["output"]) == (
        "screenshot",
        {"full": True},
        "screenshot {'full': True}",
    )
