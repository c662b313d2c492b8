"""How a completion of a prompt is described, the endpoint that was there before messages."""

from collections.abc import Mapping
from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.anthropic._answer import answered_model, gen_ai_answer
from spanscore.integrations.anthropic._parameters import (
    gen_ai_parameters,
    given,
    metadata_parameters,
    other_parameters,
)
from spanscore.wire import attributes

_OUTPUT: Final = ("completion", "stop_reason", "stop")


class CompletionAccumulator:
    """Joins the texts of the events; what comes out has the shape of a whole completion."""

    def __init__(self) -> None:
        self._rest: dict[str, Any] = {}
        self._texts: list[str] = []

    def add(self, chunk: Any) -> None:
        for name, value in fields_of(chunk).items():
            if name == "completion" and isinstance(value, str):
                self._texts.append(value)
            elif value is not None:
                self._rest[name] = value

    def response(self) -> Mapping[str, Any]:
        return {**self._rest, "completion": "".join(self._texts)} if self._texts else dict(self._rest)


def _request(request: Request) -> Description:
    body = given(request.body)
    return Description(
        input=body.get("prompt"),
        metadata=metadata_parameters(body),
        more=other_parameters(body, "prompt"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "text_completion", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    told = {name: plain(value) for name, value in answer.items() if value is not None}
    output = {name: told[name] for name in _OUTPUT if name in told}
    return Description(
        output=output or None,
        metadata=answered_model(answer),
        more={name: value for name, value in told.items() if name not in (*_OUTPUT, "model")},
        attributes=gen_ai_answer(answer, {}),
    )


def _span_name(request: Request) -> str:
    is_streamed = request.body.get("stream") is True
    return "anthropic.completions.stream" if is_streamed else "anthropic.completions.create"


COMPLETIONS: Final = Endpoint(
    path="/v1/complete",
    span_name="anthropic.completions.create",
    span_name_of=_span_name,
    request=_request,
    response=_response,
    accumulator=CompletionAccumulator,
)
"""The prompt is the input, the text and why it ended are the output. Counts of tokens are not reported."""
