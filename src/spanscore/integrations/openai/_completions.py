"""How a completion of a prompt is described, the endpoint that was there before chats."""

from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer
from spanscore.integrations.openai._completion_stream import CompletionAccumulator
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics


def _request(request: Request) -> Description:
    body = request.body
    prompt, suffix = body.get("prompt"), body.get("suffix")
    return Description(
        input=prompt if suffix is None else {"prompt": prompt, "suffix": suffix},
        metadata=metadata_parameters(body),
        more=other_parameters(body, "prompt", "suffix"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "text_completion", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=plain(answer.get("choices")),
        metadata=answered_model(answer),
        more=facts(answer, "id", "object", "created", "system_fingerprint"),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


COMPLETIONS: Final = Endpoint(
    path="/completions",
    span_name="Completion",
    request=_request,
    response=_response,
    accumulator=CompletionAccumulator,
)
"""The prompt is the input, with the text to end on where one is given; the list of choices is the output."""
