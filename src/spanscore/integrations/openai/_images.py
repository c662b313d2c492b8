"""How images are described that are generated, edited and varied."""

from functools import partial
from typing import Any, Final

from spanscore.integrations._endpoint import Description, Endpoint, Request
from spanscore.integrations._plain import fields_of, plain
from spanscore.integrations.openai._answer import facts, gen_ai_answer
from spanscore.integrations.openai._image_stream import ImagesAccumulator
from spanscore.integrations.openai._media import uploaded
from spanscore.integrations.openai._parameters import gen_ai_parameters, metadata_parameters, other_parameters
from spanscore.wire import attributes
from spanscore.wire.usage import usage_metrics

_FACTS: Final = ("created", "background", "output_format", "quality", "size", "usage", "svg_usage")


def _request(request: Request) -> Description:
    body = request.body
    # The client calls several files of a form `image[]`.
    images = {name.removesuffix("[]"): uploaded(file) for name, file in request.files.items()}
    prompt = body.get("prompt")
    return Description(
        input={**facts(body, "prompt"), **images} if images else prompt,
        metadata=metadata_parameters(body),
        more=other_parameters(body, "prompt"),
        attributes={attributes.GEN_AI_OPERATION_NAME: "image_generation", **gen_ai_parameters(body)},
    )


def _response(response: Any) -> Description:
    answer = fields_of(response)
    metrics = usage_metrics(plain(answer.get("usage")))
    return Description(
        output=plain(answer.get("data")),
        more=facts(answer, *_FACTS),
        metrics=metrics,
        attributes=gen_ai_answer(answer, metrics),
    )


_IMAGES: Final = partial(Endpoint, request=_request, response=_response, accumulator=ImagesAccumulator)

GENERATIONS: Final = _IMAGES(path="/images/generations", span_name="Image Generation")
"""The prompt is the input, the list of images the output."""

EDITS: Final = _IMAGES(path="/images/edits", span_name="Image Edit")
"""The same, where prompt and images are the input."""

VARIATIONS: Final = _IMAGES(path="/images/variations", span_name="Image Variation")
"""The same, where the image alone is the input."""
