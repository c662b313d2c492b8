from typing import Any

import pytest

from spanscore.errors import ConfigError
from spanscore.evals import CaseTrace
from spanscore.scoring.builtin._tool_call import ToolCall, calls_in, wanted_calls
from spanscore.wire.rows import Row
from trace_rows import row

pytestmark = pytest.mark.core

TOLD_BY_OTEL = {"tools": [{"type": "function", "function": {"name": "search"}}]}
MADE: dict[str, tuple[list[Row], list[ToolCall]]] = {
    "a traced function": (
        [row("search", "tool", input={"query": "a"})],
        [ToolCall("search", {"query": "a"})],
    ),
    "arguments as JSON text": (
        [row("search", "tool", input='{"query": "a"}')],
        [ToolCall("search", {"query": "a"})],
    ),
    "arguments as a text": ([row("search", "tool", input="a")], [ToolCall("search", "a")]),
    "no arguments": ([row("now", "tool")], [ToolCall("now")]),
    "by OpenTelemetry's conventions": (
        [row("execute_tool search", "tool", metadata=TOLD_BY_OTEL)],
        [ToolCall("search")],
    ),
    "as they began": (
        [row("b", "tool", number=3), row("a", "tool", number=2)],
        [ToolCall("a"), ToolCall("b")],
    ),
    "asked for by a model": (
        [
            row(
                "chat",
                "llm",
                input="hi",
                output=[
                    {"type": "function_call", "call_id": "1", "name": "search", "arguments": '{"query": "a"}'}
                ],
            )
        ],
        [ToolCall("search", {"query": "a"})],
    ),
    "made before asked for": (
        [
            row(
                "chat",
                "llm",
                output=[{"type": "function_call", "call_id": "1", "name": "search", "arguments": "{}"}],
            ),
            row("search", "tool", number=2, input={"query": "a"}),
        ],
        [ToolCall("search", {"query": "a"})],
    ),
    "of a scorer": ([row("task"), row("search", "tool", number=2, purpose="scorer")], []),
}


@pytest.mark.parametrize(("rows", "calls"), MADE.values(), ids=MADE.keys())
def test_calls_that_were_made(rows: list[Row], calls: list[ToolCall]) -> None:
    assert calls_in(CaseTrace.of_rows(rows)) == calls


FITS: dict[str, tuple[Any, Any, bool, bool]] = {
    "any arguments": (None, {"a": 1}, True, True),
    "the same": ({"a": 1}, {"a": 1}, True, True),
    "one of two": ({"a": 1}, {"a": 1, "b": 2}, True, False),
    "within an object": ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True, False),
    "another value": ({"a": 1}, {"a": 2}, False, False),
    "a missing one": ({"a": 1}, {}, False, False),
    "none wanted": ({}, {"a": 1}, True, False),
    "lists are whole": ({"a": [1]}, {"a": [1, 2]}, False, False),
    "no arguments at all": ({"a": 1}, None, False, False),
    "true is not 1": ({"a": 1}, {"a": True}, False, False),
}


@pytest.mark.parametrize(("wanted", "given", "within", "equal"), FITS.values(), ids=FITS.keys())
def test_fits(wanted: Any, given: Any, within: bool, equal: bool) -> None:
    want, call = ToolCall("t", wanted), ToolCall("t", given)
    assert (want.fits(call, is_equal=False), want.fits(call, is_equal=True)) == (within, equal)
    assert not want.fits(ToolCall("other", given), is_equal=False)


def test_wanted_calls() -> None:
    assert wanted_calls(["a", {"name": "b"}, {"name": "c", "arguments": {"k": (1,)}}], "s") == (
        ToolCall("a"),
        ToolCall("b"),
        ToolCall("c", {"k": [1]}),
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("search", "s is to find the calls 'search'; give a list"),
        (None, "s is to find the calls None"),
        ([1], "s is to find the call 1; give a name"),
        ([{"arguments": {}}], "s is to find the call {'arguments': {}}"),
        ([{"name": "a", "arguments": [1]}], "s is to find the call {'name'"),
    ],
)
def test_what_names_no_calls(wanted: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        wanted_calls(wanted, "s")


def test_as_text() -> None:
    assert [str(ToolCall("a")), str(ToolCall("a", {"k": 1}))] == ["a", "a({'k': 1})"]
