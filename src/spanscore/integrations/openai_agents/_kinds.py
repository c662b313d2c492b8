"""What the Agents SDK has spans of, and how each is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from spanscore.integrations._endpoint import Description
from spanscore.integrations._plain import fields_of, json_value, text
from spanscore.integrations.openai_agents import _model
from spanscore.wire import attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of an agent: a span from its beginning on. What it says is complete at its end only.

    One that is not `current` runs beside what began it, and nothing is below it.
    """

    span_type: str
    name: Callable[[Any], str]
    told: Callable[[Any], Description]
    sums_up: bool = False
    is_current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """A model call: what was asked and answered is known at its end."""

    name: str
    asked: Callable[[Any], Description]
    answered: Callable[[Any], Description]


def _agent(data: Any) -> Description:
    more = {"handoffs": data.handoffs, "tools": data.tools, "output_type": data.output_type}
    return Description(more={name: value for name, value in more.items() if value is not None})


def _function(data: Any) -> Description:
    return Description(
        input=_arguments(data.input),
        output=data.output,
        more=fields_of(data.mcp_data),
        attributes={attributes.GEN_AI_OPERATION_NAME: "execute_tool", attributes.GEN_AI_TOOL_NAME: data.name},
    )


def _arguments(given: Any) -> Any:
    """The arguments, which the model has written as JSON, if they are."""
    decoded = json_value(given.encode(errors="replace")) if isinstance(given, str) else None
    return given if decoded is None else decoded


def _custom(data: Any) -> Description:
    given = fields_of(data.data)
    rest = {name: value for name, value in given.items() if name not in ("input", "output")}
    return Description(input=given.get("input"), output=given.get("output"), metadata=rest)


def _handoff(data: Any) -> Description:
    return Description(input={"from_agent": data.from_agent}, output={"to_agent": data.to_agent})


def _nothing(_data: Any) -> Description:
    return Description()


STEPS: Final[Mapping[str, Step]] = {
    "agent": Step(span_type="task", name=lambda data: data.name, told=_agent, sums_up=True),
    "task": Step(span_type="task", name=lambda data: data.name, told=_nothing),
    "turn": Step(span_type="task", name=lambda data: f"turn {data.turn}", told=_nothing),
    "function": Step(span_type="tool", name=lambda data: data.name, told=_function),
    "handoff": Step(span_type="task", name=lambda _data: "handoff", told=_handoff),
    "guardrail": Step(
        span_type="function",
        name=lambda data: data.name,
        told=lambda data: Description(output={"triggered": data.triggered}),
    ),
    "custom": Step(span_type="task", name=lambda data: data.name, told=_custom),
    "mcp_tools": Step(
        span_type="function",
        name=lambda _data: "mcp_tools",
        told=lambda data: Description(input={"server": data.server}, output=data.result),
    ),
    "speech_group": Step(
        span_type="task",
        name=lambda _data: "speech_group",
        told=lambda data: Description(input=data.input or None),
        is_current=False,
    ),
}
"""By the type that a span's data gives itself."""

MODEL_CALLS: Final[Mapping[str, ModelCall]] = {
    "response": ModelCall(
        name=_model.RESPONSE_NAME, asked=_model.asked_for_response, answered=_model.responded
    ),
    "generation": ModelCall(name=_model.CHAT_NAME, asked=_model.asked_for_chat, answered=_model.chatted),
    "transcription": ModelCall(
        name="transcription",
        asked=_model.asked_to_transcribe,
        answered=lambda data: Description(output=data.output or None),
    ),
    "speech": ModelCall(name="speech", asked=_model.asked_to_speak, answered=_model.spoken),
}


def step_of(data: Any) -> Step:
    """The step that a span's data is of; types that came later are told as they are exported."""
    known = STEPS.get(data.type)
    if known is not None:
        return known
    return Step(
        span_type="task",
        name=lambda data: text(getattr(data, "name", None)) or str(data.type),
        told=lambda data: Description(output=data.export()),
    )
