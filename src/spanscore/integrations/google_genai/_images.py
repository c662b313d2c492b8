"""How making images with the Imagen models is described: images as in the parts of content."""

from collections.abc import Mapping
from typing import Any, Final, cast

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import Fields, fields_of
from spanscore.integrations.google_genai._answer import answer_of
from spanscore.integrations.google_genai._parameters import model_of
from spanscore.integrations.google_genai._spelling import camelised, standard_base64
from spanscore.wire import attributes

_BYTES: Final = "bytesBase64Encoded"


def _request(request: Request) -> Description:
    body: Fields = camelised(request.body)
    model = model_of(request.path)
    return Description(
        input={"model": model, **fields_of(_with_parts(_instance(body)))},
        metadata={"model": model},
        more={name: value for name, value in body.items() if name != "instances"},
        attributes={attributes.GEN_AI_REQUEST_MODEL: model},
    )


def _response(response: Any) -> Description:
    predictions = answer_of(response).get("predictions")
    return Description(output=None if predictions is None else {"predictions": _with_parts(predictions)})


def _endpoint(span_name: str) -> Endpoint:
    return Endpoint(path=":predict", span_name=span_name, request=_request, response=_response)


_GENERATE: Final = _endpoint("generate_images")
_EDIT: Final = _endpoint("edit_image")
_UPSCALE: Final = _endpoint("upscale_image")
_RECONTEXT: Final = _endpoint("recontext_image")
_SEGMENT: Final = _endpoint("segment_image")


def image_endpoint(body: Fields) -> Endpoint | None:
    """Which of the operations on images a prediction is; None if it is about something else."""
    asked = _instance(body)
    if "referenceImages" in asked:
        return _EDIT
    if "personImage" in asked or "productImages" in asked:
        return _RECONTEXT
    if "image" in asked:
        mode = fields_of(body.get("parameters")).get("mode")
        return _UPSCALE if mode == "upscale" else _SEGMENT
    return _GENERATE if "prompt" in asked else None


def _instance(body: Fields) -> Fields:
    instances = body.get("instances")
    return fields_of(cast("list[Any]", instances)[0]) if isinstance(instances, list) and instances else {}


def _with_parts(value: Any) -> Any:
    """A copy in which the bytes of images stand as they do in a part, which is known to be media."""
    if isinstance(value, list):
        return [_with_parts(item) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    fields = cast("Fields", value)
    if _BYTES not in fields:
        return {name: _with_parts(item) for name, item in fields.items()}
    blob = {"mimeType": fields.get("mimeType"), "data": standard_base64(fields[_BYTES])}
    rest = {name: item for name, item in fields.items() if name not in (_BYTES, "mimeType")}
    return {"inlineData": blob, **rest}
