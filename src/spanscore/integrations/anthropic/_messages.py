"""How a message is described: the conversation that is sent, and the answer to it."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, plain, text
from spanscore.integrations.anthropic._answer import answered_model, gen_ai_answer
from spanscore.integrations.anthropic._message_stream import MessageAccumulator
from spanscore.integrations.anthropic._parameters import (
    gen_ai_parameters,
    given,
    metadata_parameters,
    other_parameters,
)
from spanscore.integrations.anthropic._sent import is_empty, sent
from spanscore.wire import attributes
from spanscore.wire.anthropic_usage import anthropic_usage_metrics

_MESSAGE: Final = ("role", "content", "stop_reason", "stop_sequence")
_TOLD_ELSEWHERE: Final = frozenset({*_MESSAGE, "model", "error"})
_ADDED_BY_CLIENT: Final = {"content": {"__all__": {"parsed_output"}}}
"""What `parse()` puts into an answer beside what was received; it is not sent back."""


def conversation(body: Mapping[str, Any]) -> Any:
    """The messages of a request, and after them its system prompt as one more; None if there are none."""
    messages, system = body.get("messages"), body.get("system")
    if type(messages) in (list, tuple):
        told = [_message(message) for message in cast("list[Any]", messages)]
    elif is_empty(system):
        return messages
    else:
        told = [] if messages is None else [messages]
    return told if is_empty(system) else [*told, {"role": "system", "content": sent(system)}]


def answered(answer: Fields) -> dict[str, Any] | None:
    """The bare message of an answer: its role, content, and why it stopped; None if it says nothing."""
    told = {name: answer[name] for name in _MESSAGE if answer.get(name) is not None}
    if "content" in told:
        told["content"] = sent(told["content"])
    return told or None


def _request(request: Request) -> Description:
    body = given(request.body)
    return Description(
        input=conversation(body),
        metadata=metadata_parameters(body),
        more=other_parameters(body, "messages", "system"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "chat", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    usage = plain(answer.get("usage"))
    metrics = anthropic_usage_metrics(usage)
    facts = {name: value for name, value in answer.items() if name not in _TOLD_ELSEWHERE}
    return Description(
        output=answered(answer),
        metadata=answered_model(answer),
        more={name: plain(value) for name, value in {**facts, "usage": usage}.items() if value is not None},
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
        error=_error(fields_of(answer.get("error"))),
    )


def _error(reported: Fields) -> str | None:
    """The error that a stream ends with, as in "overloaded_error: Overloaded"."""
    told = [found for name in ("type", "message") if (found := text(reported.get(name)))]
    return ": ".join(told) or None


def _span_name(request: Request) -> str:
    is_streamed = request.body.get("stream") is True
    return "anthropic.messages.stream" if is_streamed else "anthropic.messages.create"


MESSAGES: Final = Endpoint(
    path="/v1/messages",
    span_name="anthropic.messages.create",
    span_name_of=_span_name,
    request=_request,
    response=_response,
    accumulator=MessageAccumulator,
)
"""The messages with the system prompt at their end are the input, the bare message is the output."""


def _message(message: Any) -> Any:
    """A message as it is sent: the program may put whole answers and their blocks into it."""
    if type(message) is not dict:
        return sent(message, exclude=_ADDED_BY_CLIENT)
    fields = cast("dict[str, Any]", message)
    content = fields.get("content")
    return {**fields, "content": sent(content)} if type(content) in (list, tuple) else fields
