"""How the transcription of audio is described, and its translation."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of, json_value, plain
from spanscore.integrations.openai._answer import facts, gen_ai_answer
from spanscore.integrations.openai._media import uploaded
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.integrations.openai._transcript_stream import TranscriptAccumulator
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_HEARD_WITH: Final = ("prompt", "keywords", "known_speaker_names", "known_speaker_references")
"""What is given to be read or heard besides the audio."""


def _request(request: Request) -> Description:
    body = request.body
    file = {"file": uploaded(request.files["file"])} if "file" in request.files else {}
    return Description(
        input={**file, **facts(body, *_HEARD_WITH)} or None,
        metadata=metadata_parameters(body),
        more=other_parameters(body, *_HEARD_WITH),
        attributes={attributes.GEN_AI_OPERATION_NAME: "transcription", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    if isinstance(response, str):
        return Description(output=response)
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=_text_or_whole(plain(response)),
        more=facts(answer, "usage"),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


def _decoded(body: bytes) -> Any:
    """A JSON object, or the text that other formats are, be it `42`."""
    value = json_value(body)
    return cast("Any", value) if isinstance(value, dict) else body.decode(errors="replace")


def _text_or_whole(told: Any) -> Any:
    if not isinstance(told, Mapping):
        return told
    given = cast("Fields", told)
    answer = {name: value for name, value in given.items() if name != "usage" and value is not None}
    return answer["text"] if answer.keys() == {"text"} else answer or None


_AUDIO: Final = partial(
    Endpoint, request=_request, response=_response, accumulator=TranscriptAccumulator, decode=_decoded
)

TRANSCRIPTIONS: Final = _AUDIO(path="/audio/transcriptions", span_name="Transcription")
"""The file is the input. The output is the text; the whole answer where it tells more, such as segments."""

TRANSLATIONS: Final = _AUDIO(path="/audio/translations", span_name="Translation")
"""The same, where the text is in English."""
