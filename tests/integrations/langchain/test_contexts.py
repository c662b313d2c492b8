"""Spans are set in the contexts of runs for as long as somebody wants that."""

import gc
import sys
from types import ModuleType
from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda, config
from opentelemetry import trace
from opentelemetry.context import get_current

from spanscore.integrations.langchain import SpanscoreCallbackHandler
from spanscore.integrations.langchain._contexts import carry
from spanscore.testing import RecordedRecords

FUNCTION = "_set_config_context"


def is_carrying() -> bool:
    return hasattr(getattr(config, FUNCTION), "__wrapped__")


@pytest.fixture(autouse=True)
def _handlers_of_other_tests_are_gone() -> None:
    gc.collect()
    assert not is_carrying()


def test_they_are_set_until_the_last_one_has_done_with_it() -> None:
    original = getattr(config, FUNCTION)
    first = carry()
    second = carry()
    first()
    first()
    assert is_carrying()
    second()
    assert getattr(config, FUNCTION) is original
    again = carry()
    assert is_carrying()
    again()
    assert getattr(config, FUNCTION) is original


def test_a_module_that_is_imported_later_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from wrapt import notify_module_loaded

    name = "langgraph.utils.runnable"
    module: Any = ModuleType(name)

    def original(config: Any) -> str:
        return "token"

    setattr(module, FUNCTION, original)
    end = carry()
    if name not in sys.modules:
        monkeypatch.setitem(sys.modules, name, module)
        notify_module_loaded(module)
        assert getattr(module, FUNCTION) is not original
        assert getattr(module, FUNCTION)({"callbacks": None}) == "token"
    end()
    assert getattr(module, FUNCTION) is original


def test_the_context_of_whoever_calls_is_not_touched(recorded: RecordedRecords) -> None:
    handler = SpanscoreCallbackHandler()
    inside = list[Any]()
    before = get_current()
    RunnableLambda(lambda _text: inside.append(trace.get_current_span())).invoke(
        "x", config={"callbacks": [handler]}
    )
    assert get_current() is before
    assert [span.name for span in inside] == ["RunnableLambda"]
    assert is_carrying()
    del handler
    gc.collect()
    assert not is_carrying()
