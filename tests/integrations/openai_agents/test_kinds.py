"""Each kind of the SDK's spans is told in its own way."""

# The package may be absent where types are checked.
# pyright: reportMissingImports=false, reportUntypedBaseClass=false

from typing import Any

import pytest
from agents import tracing

from spanscore.integrations._endpoint import Description
from spanscore.integrations.openai_agents._kinds import MODEL_CALLS, STEPS, step_of

SEARCH = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"}

TOLD: dict[str, tuple[Any, str, str, Description]] = {
    "agent": (
        tracing.AgentSpanData("Triage", handoffs=["Expert"], tools=["search"], output_type="str"),
        "Triage",
        "task",
        Description(more={"handoffs": ["Expert"], "tools": ["search"], "output_type": "str"}),
    ),
    "agent that says little": (tracing.AgentSpanData("Triage"), "Triage", "task", Description()),
    "function": (
        tracing.FunctionSpanData("search", '{"q": "a"}', ["b"]),
        "search",
        "tool",
        Description(input={"q": "a"}, output=["b"], attributes=SEARCH),
    ),
    "function of a server": (
        tracing.FunctionSpanData("search", "{", None, mcp_data={"server": "web"}),
        "search",
        "tool",
        Description(input="{", more={"server": "web"}, attributes=SEARCH),
    ),
    "function whose arguments are no text": (
        tracing.FunctionSpanData("search", "\ud800", None),
        "search",
        "tool",
        Description(input="\ud800", attributes=SEARCH),
    ),
    "handoff": (
        tracing.HandoffSpanData("Triage", "Expert"),
        "handoff",
        "task",
        Description(input={"from_agent": "Triage"}, output={"to_agent": "Expert"}),
    ),
    "guardrail": (
        tracing.GuardrailSpanData("polite", triggered=True),
        "polite",
        "function",
        Description(output={"triggered": True}),
    ),
    "custom": (
        tracing.CustomSpanData("step", {"input": 1, "output": 2, "note": 3}),
        "step",
        "task",
        Description(input=1, output=2, metadata={"note": 3}),
    ),
    "mcp_tools": (
        tracing.MCPListToolsSpanData("web", ["search"]),
        "mcp_tools",
        "function",
        Description(input={"server": "web"}, output=["search"]),
    ),
    "speech_group": (tracing.SpeechGroupSpanData("hi"), "speech_group", "task", Description(input="hi")),
}


@pytest.mark.parametrize(("data", "name", "span_type", "told"), TOLD.values(), ids=TOLD)
def test_a_step(data: Any, name: str, span_type: str, told: Description) -> None:
    step = step_of(data)
    assert (step.name(data), step.span_type) == (name, span_type)
    assert step.told(data) == told


class Dance(tracing.SpanData):
    """What some later version has spans of."""

    @property
    def type(self) -> str:
        return "dance"

    def export(self) -> dict[str, Any]:
        return {"type": "dance", "steps": 3}


def test_a_kind_that_came_later_is_told_as_it_is_exported() -> None:
    step = step_of(Dance())
    assert (step.name(Dance()), step.span_type) == ("dance", "task")
    assert step.told(Dance()) == Description(output={"type": "dance", "steps": 3})


def test_all_kinds_of_the_sdk_are_known() -> None:
    defined = [
        kind for kind in vars(tracing).values() if isinstance(kind, type) and kind is not tracing.SpanData
    ]
    kinds = [kind for kind in defined if issubclass(kind, tracing.SpanData)]
    properties: list[Any] = [vars(kind)["type"] for kind in kinds]
    assert {kind.fget(None) for kind in properties} <= {*STEPS, *MODEL_CALLS}
