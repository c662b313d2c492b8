"""How `converse` and `converse_stream` are described."""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.bedrock._content import told_message, told_messages
from spanscore.integrations.bedrock._converse_stream import ConverseAccumulator
from spanscore.integrations.bedrock._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    model_name,
    other_parameters,
)
from spanscore.integrations.bedrock._usage import usage_metrics
from spanscore.wire import attributes

_CONTENT: Final = frozenset({"output", "usage", "stream"})


def _request(request: Request) -> Description:
    body = request.body
    metadata = metadata_parameters(body)
    return Description(
        input=told_messages(body.get("messages"), body.get("system")),
        metadata=metadata,
        more=other_parameters(body),
        attributes={attributes.GEN_AI_OPERATION_NAME: "chat", **gen_ai_parameters(body, metadata)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(answer.get("usage"))
    routed = fields_of(fields_of(answer.get("trace")).get("promptRouter"))
    model = model_name(routed.get("invokedModelId"))
    return Description(
        output=_output(answer),
        metadata={"model": model} if model else {},
        more={name: value for name, value in answer.items() if name not in _CONTENT and value is not None},
        metrics=metrics,
        attributes=_gen_ai_answer(answer, metrics, model),
    )


CONVERSE: Final = Endpoint(
    method="",
    path="Converse",
    span_name="bedrock.converse",
    request=_request,
    response=_response,
)
"""The messages below the system prompt are the input, a list of the one message is the output.

Blocks stay as Bedrock has them, with a `type` in front, and the message has the `stopReason` besides: this is
what the conventions' executed examples expect, where their text asks for OpenAI's choices.
"""

CONVERSE_STREAM: Final = Endpoint(
    method="",
    path="ConverseStream",
    span_name="bedrock.converse-stream",
    request=_request,
    response=_response,
    accumulator=ConverseAccumulator,
)


def _output(answer: Fields) -> Any:
    output = answer.get("output")
    message = fields_of(output).get("message")
    if not isinstance(message, Mapping):
        return output
    stop_reason = answer.get("stopReason")
    told = told_message(message)
    return [told if stop_reason is None else {**told, "stopReason": stop_reason}]


def _gen_ai_answer(
    answer: Fields, metrics: Mapping[str, int], model: str | None
) -> dict[str, AttributeValue]:
    stop_reason = text(answer.get("stopReason"))
    known: dict[str, AttributeValue | None] = {
        attributes.GEN_AI_RESPONSE_MODEL: model,
        attributes.GEN_AI_RESPONSE_FINISH_REASONS: [stop_reason] if stop_reason else None,
        attributes.GEN_AI_USAGE_INPUT_TOKENS: metrics.get("prompt_tokens"),
        attributes.GEN_AI_USAGE_OUTPUT_TOKENS: metrics.get("completion_tokens"),
    }
    return {name: value for name, value in known.items() if value is not None}
