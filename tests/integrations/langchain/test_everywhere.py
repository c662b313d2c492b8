"""All runs are recorded from the moment that is wanted until it is not."""

from typing import Any

from langchain_core.runnables import RunnableLambda
from langchain_core.tracers import context as langchain_context

from spanscore.integrations.langchain import SpanscoreCallbackHandler, patch
from spanscore.testing import RecordedRecords

HANDLER = SpanscoreCallbackHandler
ECHO = RunnableLambda(lambda text: text)


def test_it_begins_and_ends_as_often_as_is_wanted(recorded: RecordedRecords) -> None:
    for count in (1, 2):
        undo = patch()
        ECHO.invoke("x")
        undo()
        undo()
        ECHO.invoke("x")
        assert len(recorded.spans) == count


def test_langchain_is_told_of_it_once() -> None:
    for _time in range(2):
        patch()()
    hooks: list[Any] = [hook for hook in langchain_context._configure_hooks if hook[2] is HANDLER]
    assert len(hooks) == 1


def test_wanted_twice_it_is_one_span(recorded: RecordedRecords) -> None:
    undo, again = patch(), patch()
    ECHO.invoke("x")
    undo()
    again()
    assert len(recorded.spans) == 1
