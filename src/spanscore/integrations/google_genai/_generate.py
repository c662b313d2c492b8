"""How generating content is described."""

from collections.abc import Sequence
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.google_genai._answer import answer_of
from spanscore.integrations.google_genai._generate_stream import GenerateAccumulator
from spanscore.integrations.google_genai._parameters import (
    gen_ai_parameters,
    metadata_parameters,
    model_of,
    other_parameters,
)
from spanscore.integrations.google_genai._spelling import camelised
from spanscore.integrations.google_genai._usage import usage_by_modality, usage_metrics
from spanscore.wire import attributes

SPAN_NAME: Final = "generate_content"
_OUTPUT: Final = ("candidates", "promptFeedback")
_FACTS: Final = ("responseId", "createTime", "modelStatus")


def _request(request: Request) -> Description:
    body: Fields = camelised(request.body)
    model = model_of(request.path)
    content = {name: body[name] for name in ("contents", "systemInstruction") if name in body}
    return Description(
        input={"model": model, **content},
        metadata=metadata_parameters(body, model),
        more=other_parameters(body),
        attributes={attributes.GEN_AI_OPERATION_NAME: SPAN_NAME, **gen_ai_parameters(body, model)},
    )


def _response(response: Any) -> Description:
    answer = answer_of(response)
    usage = answer.get("usageMetadata")
    metrics = usage_metrics(usage)
    model = text(answer.get("modelVersion"))
    details = usage_by_modality(usage)
    return Description(
        output={name: answer[name] for name in _OUTPUT if answer.get(name) is not None} or None,
        metadata={
            **({"model": model} if model else {}),
            **({"usage_by_modality": details} if details else {}),
        },
        more={name: answer[name] for name in _FACTS if answer.get(name) is not None},
        metrics=metrics,
        attributes=_gen_ai_answer(answer, metrics),
    )


GENERATE_CONTENT: Final = Endpoint(
    path=":generateContent", span_name=SPAN_NAME, request=_request, response=_response
)
"""The input is the model with the contents as sent, the output the candidates."""

STREAM_GENERATE_CONTENT: Final = Endpoint(
    path=":streamGenerateContent",
    span_name=SPAN_NAME,
    request=_request,
    response=_response,
    accumulator=GenerateAccumulator,
)


def _gen_ai_answer(answer: Fields, metrics: Fields) -> dict[str, AttributeValue]:
    known: dict[str, AttributeValue | None] = {
        attributes.GEN_AI_RESPONSE_ID: text(answer.get("responseId")),
        attributes.GEN_AI_RESPONSE_MODEL: text(answer.get("modelVersion")),
        attributes.GEN_AI_RESPONSE_FINISH_REASONS: _finish_reasons(answer.get("candidates")) or None,
        attributes.GEN_AI_USAGE_INPUT_TOKENS: metrics.get("prompt_tokens"),
        attributes.GEN_AI_USAGE_OUTPUT_TOKENS: metrics.get("completion_tokens"),
    }
    return {name: value for name, value in known.items() if value is not None}


def _finish_reasons(candidates: Any) -> Sequence[str]:
    if not isinstance(candidates, list):
        return ()
    reasons = (text(fields_of(one).get("finishReason")) for one in cast("list[Any]", candidates))
    return [reason for reason in reasons if reason]
