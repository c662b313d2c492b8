"""Images made with the Imagen models, with the bytes where media are looked for."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from google import genai
from google.genai import types

from fake_google import FakeGoogle, whole
from google_forms import closing_client, vertex_client
from span_reading import told
from spanscore.integrations.google_genai import wrap
from spanscore.integrations.google_genai._images import image_endpoint
from spanscore.testing import RecordedRecords

# What has both letters that are others in the base64 of URLs.
BYTES = b"\xff\xef\xbe" * 8
ENCODED = base64.b64encode(BYTES).decode()
IMAGE = types.Image(image_bytes=BYTES, mime_type="image/png")
PART = {"inlineData": {"mimeType": "image/png", "data": ENCODED}}
MODEL = "imagen-4.0"


def generate(client: genai.Client) -> Any:
    config: Any = {"number_of_images": 2}
    return client.models.generate_images(model=MODEL, prompt="a cat", config=config)


def edit(client: genai.Client) -> Any:
    reference = types.RawReferenceImage(reference_id=1, reference_image=IMAGE)
    return client.models.edit_image(model=MODEL, prompt="a hat", reference_images=[reference])


def upscale(client: genai.Client) -> Any:
    return client.models.upscale_image(model=MODEL, image=IMAGE, upscale_factor="x2")


OPERATIONS: dict[str, tuple[Callable[[genai.Client], Any], Any]] = {
    "generate_images": (generate, {"prompt": "a cat"}),
    "edit_image": (
        edit,
        {
            "prompt": "a hat",
            "referenceImages": [
                {"referenceImage": PART, "referenceId": 1, "referenceType": "REFERENCE_TYPE_RAW"}
            ],
        },
    ),
    "upscale_image": (upscale, {"image": PART}),
}


# The client says of all of these that they will be gone in its next major version.
@pytest.mark.filterwarnings("ignore::Warning")
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, server: FakeGoogle, recorded: RecordedRecords) -> None:
    operation, asked = OPERATIONS[name]
    predictions = [{"mimeType": "image/png", "bytesBase64Encoded": ENCODED}, {"raiFilteredReason": "no"}]
    server.reply(whole({"predictions": predictions}))
    with closing_client(wrap(vertex_client(server.url))) as client:
        answer = operation(client)
    assert answer.generated_images[0].image.image_bytes == BYTES
    (span,) = recorded.spans
    assert span.name == name
    described = told(span)
    if name == "upscale_image":
        assert described["input"].pop("prompt", "") == ""
    assert described == {
        "input": {"model": MODEL, **asked},
        "output": {"predictions": [PART, {"raiFilteredReason": "no"}]},
        "metadata": {"provider": "google", "model": MODEL},
        "metrics": None,
    }


@pytest.mark.parametrize(
    ("body", "span_name"),
    [
        ({"instances": [{"personImage": {}, "prompt": "a"}]}, "recontext_image"),
        ({"instances": [{"productImages": []}]}, "recontext_image"),
        ({"instances": [{"image": {}}], "parameters": {"mode": "foreground"}}, "segment_image"),
        ({"instances": [{"image": {}}]}, "segment_image"),
    ],
)
def test_other_operations(body: Any, span_name: str) -> None:
    endpoint = image_endpoint(body)
    assert endpoint is not None
    assert endpoint.span_name == span_name


@pytest.mark.parametrize(
    "body", [{}, {"instances": None}, {"instances": []}, {"instances": [5]}, {"instances": [{"x": 1}]}]
)
def test_what_is_about_something_else(body: Any) -> None:
    assert image_endpoint(body) is None


@pytest.mark.parametrize(
    "answer", [None, {}, {"predictions": "x"}, {"predictions": [None, {"bytesBase64Encoded": 5}]}]
)
def test_an_answer_of_other_types_does_no_harm(answer: Any) -> None:
    endpoint = image_endpoint({"instances": [{"prompt": "a"}]})
    assert endpoint is not None
    endpoint.response(answer)
