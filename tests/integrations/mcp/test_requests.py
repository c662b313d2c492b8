"""What sessions ask MCP servers for is recorded, and given back as it came."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import mcp
import pytest
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations.mcp import patch
from spanscore.testing import RecordedRecords, recorded_spans

Connect = Callable[[], AbstractAsyncContextManager[mcp.ClientSession]]

pytestmark = pytest.mark.usefixtures("_patched")


def label(span: ReadableSpan) -> tuple[str, str]:
    return span.name, attribute(span, "span_attributes")["type"]


async def test_a_tool_call_is_a_tool_span(connect: Connect, recorded: RecordedRecords) -> None:
    async with connect() as session:
        result: Any = await session.call_tool("forecast", {"city": "Rome", "days": 2})
    (span,) = recorded.spans
    assert label(span) == ("forecast", "tool")
    sent: Any = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert [part["text"] for part in sent["content"]] == ["sun in Rome", "sun in Rome"]
    assert told(span) == {
        "input": {"city": "Rome", "days": 2},
        # Before 1.10 there is no structured content.
        "output": sent.get("structuredContent", sent["content"]),
        "metadata": {"mcp_server": "weather"},
        "metrics": None,
    }
    assert span.status.status_code is StatusCode.UNSET
    assert (span.attributes or {})["gen_ai.operation.name"] == "execute_tool"
    assert (span.attributes or {})["gen_ai.tool.name"] == "forecast"


async def test_a_tool_that_reports_an_error_raises_nothing(
    connect: Connect, recorded: RecordedRecords
) -> None:
    async with connect() as session:
        result: Any = await session.call_tool("storm", {"city": "Rome"})
    assert getattr(result, "is_error", None) or result.isError
    (span,) = recorded.spans
    text = result.content[0].text
    assert "Error executing tool storm" in text
    assert attribute(span, "output_json") == [{"type": "text", "text": text}]
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, text)


async def test_what_a_session_raises_is_recorded_and_goes_on(
    connect: Connect, recorded: RecordedRecords
) -> None:
    async with connect() as session:
        before = otel_context.get_current()
        with pytest.raises(Exception, match=r"weather://moon") as raised:
            await session.read_resource("weather://moon")  # pyright: ignore[reportArgumentType]
        assert otel_context.get_current() is before
    (span,) = recorded.spans
    assert label(span) == ("read_resource", "function")
    assert span.status.status_code is StatusCode.ERROR
    assert span.events[-1].name == "exception"
    assert str(raised.value) in str(span.status.description)


async def test_prompts_and_resources_are_recorded_too(connect: Connect, recorded: RecordedRecords) -> None:
    async with connect() as session:
        await session.get_prompt("packing", {"city": "Rome"})
        await session.read_resource("weather://map")  # pyright: ignore[reportArgumentType]
    prompt, resource = recorded.spans
    assert label(prompt) == ("prompt packing", "function")
    assert attribute(prompt, "input_json") == {"name": "packing", "arguments": {"city": "Rome"}}
    message = {"role": "user", "content": {"type": "text", "text": "What do I pack for Rome?"}}
    assert attribute(prompt, "output_json") == [message]
    assert attribute(resource, "input_json") == {"uri": "weather://map"}
    assert attribute(resource, "output_json") == [
        {"uri": "weather://map", "mimeType": "text/plain", "text": "here be dragons"}
    ]


async def test_a_call_nests_where_it_is_made(connect: Connect, recorded: RecordedRecords) -> None:
    async with connect() as session:
        with start_span("plan") as plan:
            await session.call_tool(name="forecast", arguments={"city": "Rome"})
    call, _plan = recorded.spans
    assert call.parent is not None
    assert f"{call.parent.span_id:016x}" == plan.id


async def test_a_wrong_call_fails_as_without_us(connect: Connect, recorded: RecordedRecords) -> None:
    async with connect() as session:
        with pytest.raises(TypeError, match="call_tool"):
            await session.call_tool()  # pyright: ignore[reportCallIssue]
    assert recorded.spans == []


async def test_nothing_is_recorded_while_recording_is_off(connect: Connect) -> None:
    async with connect() as session:
        assert (await session.call_tool("forecast", {"city": "Rome"})).content
        with recorded_spans() as recorded:
            await session.call_tool("forecast", {"city": "Rome"})
    assert [span.name for span in recorded.spans] == ["forecast"]


async def test_undone_it_is_as_before(connect: Connect, recorded: RecordedRecords) -> None:
    method = mcp.ClientSession.call_tool
    undo = patch()
    assert mcp.ClientSession.call_tool is not method
    undo()
    assert mcp.ClientSession.call_tool is method
    async with connect() as session:
        timeout: Any = timedelta(seconds=9) if not hasattr(mcp, "Client") else 9
        await session.call_tool("forecast", {"city": "Rome"}, timeout)
    assert [span.name for span in recorded.spans] == ["forecast"]
