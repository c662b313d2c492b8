"""How speech is described that was made of a text."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations._reading import BODY_LIMIT, sse_data
from spanscore.integrations.openai._answer import gen_ai_answer
from spanscore.integrations.openai._media import attached
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_EVENTS: Final = (b"data:", b"event:")


@dataclass(frozen=True, slots=True)
class _Body:
    """A body that the caller reads, as far as it is kept."""

    content: bytes

    @property
    def is_cut(self) -> bool:
        return len(self.content) == BODY_LIMIT


def _request(request: Request) -> Description:
    body = request.body
    spoken, instructions = body.get("input"), body.get("instructions")
    return Description(
        input=spoken if instructions is None else {"input": spoken, "instructions": instructions},
        metadata=metadata_parameters(body),
        more=other_parameters(body, "input", "instructions"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "speech", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    content: Any = getattr(response, "content", None)
    if not isinstance(content, bytes) or not content:
        return Description()
    is_cut = isinstance(response, _Body) and response.is_cut
    if not content.startswith(_EVENTS):
        return Description(output=_output(content, is_cut=is_cut))
    events = [fields_of(event) for event in sse_data(content)]
    metrics = usage_metrics(_usage(events))
    return Description(
        output=_output(b"".join(map(_audio, events)), is_cut=is_cut),
        metrics=metrics,
        attributes=gen_ai_answer({}, metrics),
    )


SPEECH: Final = Endpoint(
    path="/audio/speech", span_name="Speech", request=_request, response=_response, decode=_Body
)
"""The text is the input; the output is the audio and how many bytes it has, also where it comes in events."""


def _output(audio: bytes, *, is_cut: bool) -> dict[str, Any] | None:
    if not audio:
        return None
    attachment = attached(audio)
    told: dict[str, Any] = {} if attachment is None else {"audio": attachment}
    told["bytes"] = len(audio)
    return {**told, "is_cut": True} if is_cut else told


def _audio(event: Fields) -> bytes:
    encoded = event.get("audio")
    try:
        return b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    except ValueError:
        return b""


def _usage(events: list[Fields]) -> Any:
    return next((event["usage"] for event in reversed(events) if event.get("usage") is not None), None)
