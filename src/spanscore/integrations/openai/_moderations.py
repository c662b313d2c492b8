"""How a moderation is described."""

from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics


def _request(request: Request) -> Description:
    body = request.body
    return Description(
        input=body.get("input"),
        metadata=metadata_parameters(body),
        more=other_parameters(body, "input"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "moderation", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=plain(answer.get("results")),
        metadata=answered_model(answer),
        more=facts(answer, "id"),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


MODERATIONS: Final = Endpoint(
    path="/moderations", span_name="Moderation", request=_request, response=_response
)
"""The texts or parts to judge are the input, the list of results is the output."""
