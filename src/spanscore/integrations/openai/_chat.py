"""How a chat completion is described."""

from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer
from spanscore.integrations.openai._chat_stream import ChatAccumulator
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_ADDED_BY_CLIENT: Final = {
    "message": {"parsed": True, "tool_calls": {"__all__": {"function": {"parsed_arguments"}}}}
}
"""What `parse()` puts into the choices beside what was received; also an empty `tool_calls`."""

_FACTS: Final = ("id", "object", "created", "system_fingerprint", "service_tier")


def _request(request: Request) -> Description:
    body = request.body
    return Description(
        input=body.get("messages"),
        metadata=metadata_parameters(body),
        more=other_parameters(body, "messages"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "chat", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=_choices(answer.get("choices")),
        metadata=answered_model(answer),
        more=facts(answer, *_FACTS),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


CHAT_COMPLETIONS: Final = Endpoint(
    path="/chat/completions",
    span_name="Chat Completion",
    request=_request,
    response=_response,
    accumulator=ChatAccumulator,
)
"""The messages are the input, the list of choices is the output."""


def _choices(choices: Any) -> Any:
    if not isinstance(choices, list):
        return plain(choices)
    return [_choice(choice) for choice in cast("list[Any]", choices)]


def _choice(choice: Any) -> Any:
    told = plain(choice, exclude=_ADDED_BY_CLIENT)
    message = fields_of(fields_of(told).get("message"))
    if "tool_calls" in message and not message["tool_calls"]:
        return {**told, "message": {name: value for name, value in message.items() if name != "tool_calls"}}
    return told
