"""What LangChain tells of runs that are no model calls."""

from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.messages import ToolMessage

from spanscore.integrations._endpoint import Description
from spanscore.integrations.langchain._description import (
    Told,
    document,
    is_control_flow,
    reported_error,
    tool_attributes,
    tool_output,
)


@pytest.mark.parametrize(
    ("serialized", "more", "name"),
    [
        ({"name": "Prompt"}, {"name": "mine"}, "mine"),
        ({"name": "Prompt", "id": ["langchain", "ChatPromptTemplate"]}, {"name": None}, "Prompt"),
        ({"id": ["langchain", "ChatPromptTemplate"]}, {}, "ChatPromptTemplate"),
        ({"id": []}, {}, None),
        (None, {}, None),
        ("Prompt", {"name": 7}, None),
    ],
)
def test_the_name(serialized: Any, more: Any, name: str | None) -> None:
    assert Told(serialized, more, None).name == name


def test_what_langchain_adds_is_not_told_unless_all_is() -> None:
    metadata = {"user": "u", "langgraph_step": 1, "ls_provider": "p", "checkpoint_ns": "", "__x": 1}
    told = Told(None, {"metadata": metadata, "tags": ["t", 7]}, None)
    assert told.described("in", is_root=True) == Description(
        input="in", metadata={"user": "u"}, more=metadata, attributes={"braintrust.tags": ["t"]}
    )
    assert told.described("in", is_root=False) == Description(input="in", more=metadata)


def test_tools() -> None:
    message = ToolMessage("5", tool_call_id="c")
    failed = ToolMessage("no", tool_call_id="c", status="error")
    assert [tool_output(output) for output in (message, 5)] == ["5", 5]
    assert [reported_error(output) for output in (message, failed, "no")] == [None, "no", None]
    assert reported_error(ToolMessage([], tool_call_id="c", status="error")) == "the tool reports an error"
    assert tool_attributes("add") == {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "add"}
    assert tool_attributes(None) == {"gen_ai.operation.name": "execute_tool"}


def test_documents() -> None:
    assert document(Document(page_content="text", id="d1")) == {
        "id": "d1",
        "page_content": "text",
        "metadata": {},
    }
    assert document("text") == "text"


@pytest.mark.parametrize(
    ("error", "is_it"), [(GeneratorExit(), True), (ValueError(), False), ("text", False), (None, False)]
)
def test_what_only_ends_a_run_is_no_error(error: Any, is_it: bool) -> None:
    assert is_control_flow(error) is is_it
