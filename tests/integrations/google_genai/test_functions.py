"""Functions that the client calls are recorded within a task, and only there."""

from typing import Any

import pytest
from google.genai import errors
from opentelemetry.trace import StatusCode

from span_reading import attribute, told
from spanscore.integrations._patch import Patch
from spanscore.integrations.google_genai._functions import RECORDERS
from spanscore.integrations.google_genai._loop import begin_loop, current_loop
from spanscore.testing import RecordedRecords

PATCH = Patch()


def double(n: int) -> int:
    assert current_loop() is None
    return 2 * n


def broken(n: int) -> int:
    raise LookupError(str(n))


def call(args: Any, function_to_invoke: Any) -> Any:
    """As the client does it."""
    try:
        return function_to_invoke(**args)
    except LookupError as error:
        raise errors.FunctionInvocationError("failed") from error


async def acall(args: Any, function_to_invoke: Any) -> Any:
    return call(args, function_to_invoke)


invoke = RECORDERS["invoke_function_from_dict_args"](lambda: call, PATCH)
ainvoke = RECORDERS["invoke_function_from_dict_args_async"](lambda: acall, PATCH)


async def test_within_a_task(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    with loop:
        assert invoke({"n": 1}, double) == 2
        assert await ainvoke(args={"n": 2}, function_to_invoke=double) == 4
        assert current_loop() is loop
    loop.end()
    first, second, run = recorded.spans
    for span, given, result in ((first, 1, 2), (second, 2, 4)):
        assert (span.name, span.parent) == ("double", run.get_span_context())
        assert attribute(span, "span_attributes") == {"type": "tool"}
        assert told(span) == {"input": {"n": given}, "output": result, "metadata": None, "metrics": None}
        assert (span.attributes or {})["gen_ai.operation.name"] == "execute_tool"
        assert (span.attributes or {})["gen_ai.tool.name"] == "double"


async def test_what_is_raised_is_the_functions_own(recorded: RecordedRecords) -> None:
    loop = begin_loop("run")
    assert loop is not None
    with loop:
        with pytest.raises(errors.FunctionInvocationError):
            invoke({"n": 1}, broken)
        with pytest.raises(errors.FunctionInvocationError):
            await ainvoke({"n": 1}, broken)
        with pytest.raises(TypeError):
            invoke({"m": 1}, double)
        assert current_loop() is loop
    loop.end()
    *tools, _ = recorded.spans
    assert [span.status.status_code for span in tools] == [StatusCode.ERROR] * 3
    assert [str((span.events[0].attributes or {})["exception.type"]) for span in tools] == [
        "LookupError",
        "LookupError",
        "TypeError",
    ]


async def test_elsewhere_they_are_only_called(recorded: RecordedRecords) -> None:
    assert invoke({"n": 1}, double) == 2
    assert await ainvoke({"n": 1}, double) == 2
    assert recorded.spans == []


async def test_once_undone_they_are_only_called(recorded: RecordedRecords) -> None:
    undone = Patch()
    undone.undo()
    loop = begin_loop("run")
    assert loop is not None
    with loop:
        assert RECORDERS["invoke_function_from_dict_args"](lambda: call, undone)({"n": "a"}, letters) == "a"
        ainvoke = RECORDERS["invoke_function_from_dict_args_async"](lambda: acall, undone)
        assert await ainvoke({"n": "a"}, letters) == "a"
    loop.end()
    assert [span.name for span in recorded.spans] == ["run"]


def letters(n: str) -> str:
    return n
