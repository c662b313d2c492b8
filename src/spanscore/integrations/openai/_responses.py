"""How a call of the Responses API is described."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, plain, text
from spanscore.integrations.openai._answer import answered_model, facts, gen_ai_answer
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.integrations.openai._responses_stream import ResponsesAccumulator
from spanscore.integrations.openai._responses_unfinished import UnfinishedResponses
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_ADDED_BY_CLIENT: Final = {"content": {"__all__": {"parsed"}}, "parsed_arguments": True}
"""What `parse()` puts into the items beside what was received."""

_UNFINISHED: Final = frozenset({"queued", "in_progress"})
_PENDING: Final = UnfinishedResponses()

_FACTS: Final = (
    "id",
    "object",
    "created_at",
    "completed_at",
    "status",
    "incomplete_details",
    "background",
    "conversation",
    "previous_response_id",
    "reasoning",
    "service_tier",
    "truncation",
)


def _asked(request: Request) -> Description:
    body = request.body
    metadata = metadata_parameters(body)
    more = other_parameters(body, "input", "instructions")
    written = more.pop("text", None)
    if written is not None:
        style = dict(fields_of(written))
        form = style.pop("format", None)
        if form is not None:
            metadata["response_format"] = _response_format(form)
        if style:
            more["text"] = style
    return Description(
        input=_input(body),
        metadata=metadata,
        more=more,
        attributes={attributes.GEN_AI_OPERATION_NAME: "chat", **gen_ai_parameters(body)},
    )


def _input(body: Fields) -> Any:
    """The input as sent, with instructions before it as a message of the system's."""
    given = body.get("input")
    instructions = body.get("instructions")
    if instructions is None:
        return given
    system = {"role": "system", "content": instructions}
    if given is None:
        return [system]
    return [system, *given] if isinstance(given, list) else [system, {"role": "user", "content": given}]


def _response_format(given: Any) -> Any:
    """The form in which chat completions take it: there a schema is a level deeper."""
    wanted = fields_of(given)
    if wanted.get("type") != "json_schema" or "json_schema" in wanted:
        return given
    schema = {name: value for name, value in wanted.items() if name != "type"}
    return {"type": "json_schema", "json_schema": schema}


def _created(response: Any) -> Description:
    answer = fields_of(response)
    response_id = text(answer.get("id"))
    if response_id and text(answer.get("status")) in _UNFINISHED:
        _PENDING.add(response_id)
    return _described(answer, usage_metrics(plain(answer.get("usage"))))


def _fetched(response: Any) -> Description:
    """A response that another call has asked for: its tokens count if they never were seen before."""
    answer = fields_of(response)
    response_id = text(answer.get("id"))
    usage = plain(answer.get("usage"))
    counts = response_id and text(answer.get("status")) not in _UNFINISHED and _PENDING.take(response_id)
    described = _described(answer, usage_metrics(usage) if counts else {})
    if usage is not None and not counts:
        described.more = {**described.more, "usage": usage}
    return described


def _described(answer: Fields, metrics: Mapping[str, int]) -> Description:
    reason = _finish_reason(answer)
    error = _error(answer)
    known = gen_ai_answer(answer, metrics)
    if reason is not None:
        known[attributes.GEN_AI_RESPONSE_FINISH_REASONS] = [reason]
    if error is not None:
        known[attributes.ERROR_TYPE] = text(fields_of(answer.get("error")).get("code")) or "failed"
    return Description(
        output=_output(answer.get("output")),
        metadata=answered_model(answer),
        more=facts(answer, *_FACTS),
        metrics=metrics,
        attributes=known,
        error=error,
    )


def _output(items: Any) -> Any:
    if not isinstance(items, list):
        return plain(items)
    return [plain(item, exclude=_ADDED_BY_CLIENT) for item in cast("list[Any]", items)]


def _error(answer: Fields) -> str | None:
    """What a response that failed says of it; nothing is raised for one."""
    if answer.get("error") is None and answer.get("status") != "failed":
        return None
    error = fields_of(answer.get("error"))
    told = [told for name in ("code", "message") if (told := text(error.get(name)))]
    if told:
        return ": ".join(told)
    return "failed" if answer.get("status") == "failed" else None


def _finish_reason(answer: Fields) -> str | None:
    """Why the response is incomplete, or else the status that it has come to."""
    status = text(answer.get("status"))
    if status is None or status in _UNFINISHED:
        return None
    return text(fields_of(answer.get("incomplete_details")).get("reason")) or status


def _of_response(request: Request) -> Description:
    """A request about a response that its path names."""
    response_id = request.path.split("/responses/")[-1].split("/")[0].partition("?")[0]
    return Description(attributes={attributes.GEN_AI_RESPONSE_ID: response_id})


def _counted(response: Any) -> Description:
    return Description(output=plain(response))


RESPONSES: Final = (
    Endpoint(
        path="/responses",
        span_name="openai.responses.create",
        request=_asked,
        response=_created,
        accumulator=ResponsesAccumulator,
    ),
    Endpoint(
        method="GET",
        path="/responses/{id}",
        span_name="openai.responses.retrieve",
        request=_of_response,
        response=_fetched,
        accumulator=ResponsesAccumulator,
    ),
    Endpoint(
        path="/responses/{id}/cancel",
        span_name="openai.responses.cancel",
        request=_of_response,
        response=_fetched,
    ),
    Endpoint(
        path="/responses/compact",
        span_name="openai.responses.compact",
        request=_asked,
        response=_created,
    ),
    Endpoint(
        path="/responses/input_tokens",
        span_name="openai.responses.input_tokens.count",
        request=_asked,
        response=_counted,
        span_type="task",
    ),
)
"""The items are the output, as they were received; the input is what was sent.

Answers are also fetched later, in background mode by polling: each fetch is a span of its own.
"""
