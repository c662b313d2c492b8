"""What the answers of most endpoints say alike."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.wire import attributes


def answered_model(answer: Fields) -> dict[str, Any]:
    """The metadata that an answer adds: the model, under which the service knows it, where it says so."""
    model = text(answer.get("model"))
    return {"model": model} if model else {}


def facts(answer: Fields, *names: str) -> dict[str, Any]:
    """The fields of these names that say something."""
    return {name: answer[name] for name in names if answer.get(name) is not None}


def gen_ai_answer(answer: Fields, metrics: Mapping[str, int]) -> dict[str, AttributeValue]:
    """What OpenTelemetry has attributes for: id, model, finish reasons of the choices, token counts."""
    known: dict[str, AttributeValue | None] = {
        attributes.GEN_AI_RESPONSE_ID: text(answer.get("id")),
        attributes.GEN_AI_RESPONSE_MODEL: text(answer.get("model")),
        attributes.GEN_AI_RESPONSE_FINISH_REASONS: _finish_reasons(answer.get("choices")) or None,
        attributes.GEN_AI_USAGE_INPUT_TOKENS: metrics.get("prompt_tokens"),
        attributes.GEN_AI_USAGE_OUTPUT_TOKENS: metrics.get("completion_tokens"),
    }
    return {name: value for name, value in known.items() if value is not None}


def items(value: Any) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def _finish_reasons(choices: Any) -> Sequence[str]:
    reasons = (text(fields_of(choice).get("finish_reason")) for choice in items(choices))
    return [reason for reason in reasons if reason]
