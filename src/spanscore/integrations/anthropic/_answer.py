"""What the answers of the endpoints say alike."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import Fields, text
from spanscore.wire import attributes


def answered_model(answer: Fields) -> dict[str, Any]:
    """The metadata that an answer adds: the model, under which the service knows it, where it says so."""
    model = text(answer.get("model"))
    return {"model": model} if model else {}


def gen_ai_answer(answer: Fields, metrics: Mapping[str, int]) -> dict[str, AttributeValue]:
    """What OpenTelemetry has attributes for: id, model, why the answer ended, token counts."""
    reason = text(answer.get("stop_reason"))
    known: dict[str, AttributeValue | None] = {
        attributes.GEN_AI_RESPONSE_ID: text(answer.get("id")),
        attributes.GEN_AI_RESPONSE_MODEL: text(answer.get("model")),
        attributes.GEN_AI_RESPONSE_FINISH_REASONS: [reason] if reason else None,
        attributes.GEN_AI_USAGE_INPUT_TOKENS: metrics.get("prompt_tokens"),
        attributes.GEN_AI_USAGE_OUTPUT_TOKENS: metrics.get("completion_tokens"),
    }
    return {name: value for name, value in known.items() if value is not None}
