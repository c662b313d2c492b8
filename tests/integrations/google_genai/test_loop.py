"""When a call is a task of its own, and what its span is told."""

from collections.abc import Mapping
from typing import Any

import pytest
from google.genai import types
from opentelemetry.trace import StatusCode

from echo_provider import ECHO
from span_reading import told
from spanscore import start_span
from spanscore.integrations._endpoint import Request
from spanscore.integrations.google_genai._loop import (
    begin_loop,
    current_loop,
    executes_functions,
    outside_loops,
)
from spanscore.testing import RecordedRecords
from spanscore.tracing import current_context


def function(text: str) -> str:
    return text


DECLARED = types.Tool(function_declarations=[types.FunctionDeclaration(name="f")])
SEARCH = types.Tool(google_search=types.GoogleSearch())


class Session:
    """Stands for the session of an MCP server: neither a definition nor a function."""


@pytest.mark.parametrize(
    "config",
    [
        {"tools": [function]},
        {"tools": (SEARCH, function)},
        {"tools": [Session()]},
        {"tools": [function], "automatic_function_calling": {"disable": False, "maximum_remote_calls": 1}},
        types.GenerateContentConfig(tools=[function]),
    ],
)
def test_functions_are_executed(config: Any) -> None:
    assert executes_functions(config)


@pytest.mark.parametrize(
    "config",
    [
        None,
        5,
        {"tools": None},
        {"tools": []},
        {"tools": [SEARCH, {}]},
        {"tools": [function, DECLARED]},
        {"tools": [function, {"function_declarations": [{"name": "f"}]}]},
        {"tools": [function], "automatic_function_calling": {"disable": True}},
        {"tools": [function], "automaticFunctionCalling": {"maximumRemoteCalls": 0}},
    ],
)
def test_none_is(config: Any) -> None:
    assert not executes_functions(config)


def test_it_is_told_of_its_requests(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    endpoint = loop.telling(ECHO)
    with loop:
        for text in ("first", "last"):
            endpoint.request(Request(body={"text": text}))
            described = endpoint.response({"echo": text})
            assert described == ECHO.response({"echo": text})
    loop.end()
    loop.end()
    (span,) = recorded.spans
    assert told(span) == {"input": "first", "output": "last", "metadata": None, "metrics": {"tokens": 9}}


def test_it_is_current_only_within(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    for _ in range(2):
        assert current_loop() is None
        with loop:
            assert current_loop() is loop
            assert begin_loop("inner") is None
            with start_span("below"):
                pass
    loop.end()
    below, _, run = recorded.spans
    assert below.parent == run.get_span_context()


def test_what_is_raised_ends_it_with_what_was_told(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    with pytest.raises(ConnectionError), loop:
        loop.telling(ECHO).response({"echo": "half"})
        raise ConnectionError
    (span,) = recorded.spans
    assert (told(span)["output"], span.status.status_code) == ("half", StatusCode.ERROR)


def test_a_function_is_outside(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    with loop:
        inside: Mapping[str, Any] = outside_loops(current_context())
    loop.end()
    assert [value for value in inside.values() if value is loop] == []


def test_without_recording_there_is_none() -> None:
    assert begin_loop("run") is None
