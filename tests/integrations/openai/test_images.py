"""Images are told by prompt, the files sent along and what comes back, in every call form."""

import inspect
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.resources.images import Images

from fake_openai import FakeOpenAI, failure, streamed, whole
from media import JPEG, PNG, encoded, reference
from openai_forms import client_of
from openai_operations import STREAMED, WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description
from spanscore.integrations.openai._images import EDITS, GENERATIONS, VARIATIONS
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
"""The client's own, for variations."""

needs_streams = pytest.mark.skipif(
    "stream" not in inspect.signature(Images.generate).parameters,
    reason="this version of the client streams no images",
)

MODEL = "gpt-image-1"
PROMPT = "a red dot"
USAGE = {
    "input_tokens": 9,
    "input_tokens_details": {"image_tokens": 4, "text_tokens": 5},
    "output_tokens": 20,
    "output_tokens_details": {"image_tokens": 18, "text_tokens": 2},
    "total_tokens": 29,
}
METRICS = {"tokens": 29, "prompt_tokens": 9, "completion_tokens": 20, "completion_image_tokens": 18}
IMAGES = [
    {"b64_json": encoded(PNG)},
    {"url": "https://example.com/a.png", "revised_prompt": "a dot, red"},
]
ANSWER = {"created": 1, "data": IMAGES, "output_format": "png", "size": "1024x1024", "usage": USAGE}

SENT_PNG = reference(PNG, "image/png", "dot.png")
SENT_JPEG = reference(JPEG, "image/jpeg", "image.jpg")
OPERATIONS: dict[str, tuple[Operation, str, Any]] = {
    "generate": (
        Operation(of="images", name="generate", arguments={"model": MODEL, "prompt": PROMPT, "n": 2}),
        "Image Generation",
        PROMPT,
    ),
    "edit": (
        Operation(
            of="images",
            name="edit",
            arguments={"model": MODEL, "prompt": PROMPT, "n": 2, "image": ("dot.png", PNG), "mask": JPEG},
        ),
        "Image Edit",
        {"prompt": PROMPT, "image": SENT_PNG, "mask": SENT_JPEG},
    ),
    "create_variation": (
        Operation(of="images", name="create_variation", arguments={"model": MODEL, "n": 2, "image": JPEG}),
        "Image Variation",
        {"image": SENT_JPEG},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_whole_answer(form: Form, name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    run, span_name, asked = OPERATIONS[name]
    server.reply(whole(ANSWER))
    await form(server.url, run)
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes")) == (span_name, {"type": "llm"})
    assert told(span) == {
        "input": asked,
        "output": IMAGES,
        "metadata": {"provider": "openai", "model": MODEL},
        "metrics": METRICS,
    }
    assert {name: value for name, value in (span.attributes or {}).items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "image_generation",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "gen_ai.usage.input_tokens": 9,
        "gen_ai.usage.output_tokens": 20,
    }


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(
    form: Form, name: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    run, _, asked = OPERATIONS[name]
    server.reply(failure(400, "not allowed"))
    with pytest.raises(openai.BadRequestError, match="not allowed"):
        await form(server.url, run)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (asked, None)
    assert (span.attributes or {})["error.type"] == "openai.BadRequestError"


def event(kind: str, content: bytes, **fields: Any) -> dict[str, Any]:
    rest = {"background": "auto", "created_at": 1, "output_format": "png", "quality": "low", "size": "auto"}
    return {"type": kind, "b64_json": encoded(content), **rest, **fields}


def events(kind: str) -> list[dict[str, Any]]:
    return [
        event(f"{kind}.partial_image", JPEG, partial_image_index=0),
        event(f"{kind}.partial_image", PNG, partial_image_index=1),
        event(f"{kind}.completed", PNG, usage=USAGE),
    ]


@needs_streams
@pytest.mark.parametrize(("name", "kind"), [("generate", "image_generation"), ("edit", "image_edit")])
@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Form, name: str, kind: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    run, span_name, asked = OPERATIONS[name]
    server.reply(streamed(events(kind)))
    await form(server.url, run)
    (span,) = recorded.spans
    assert (span.name, told(span)) == (
        span_name,
        {
            "input": asked,
            "output": [{"b64_json": encoded(PNG)}],
            "metadata": {"provider": "openai", "model": MODEL},
            "metrics": {**METRICS, "time_to_first_token": True},
        },
    )


@needs_streams
def test_a_stream_that_breaks_down_keeps_the_latest_image(
    server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(events("image_generation")[:2], is_cut=True))
    run, _, _ = OPERATIONS["generate"]
    with client_of(server.url) as client, pytest.raises(Exception, match=r"closed|Connection error"):
        list(run(client, stream=True, partial_images=2))
    (span,) = recorded.spans
    assert attribute(span, "output_json") == [{"b64_json": encoded(PNG), "partial_image_index": 1}]


def test_files_on_disk_are_sent_and_told(
    server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path
) -> None:
    path = tmp_path / "dot.png"
    path.write_bytes(PNG)
    server.reply(whole(ANSWER))
    with client_of(server.url) as client, path.open("rb") as file:
        client.images.edit(prompt=PROMPT, image=file, mask=path)
    sent = server.received[0].body
    assert (sent["image"], sent["mask"]) == (PNG, PNG)
    assert attribute(recorded.spans[0], "input_json") == {
        "prompt": PROMPT,
        "image": SENT_PNG,
        "mask": SENT_PNG,
    }


@pytest.mark.skipif(
    "input_fidelity" not in inspect.signature(Images.edit).parameters,
    reason="this version of the client takes one image",
)
def test_several_images(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(whole(ANSWER))
    with client_of(server.url) as client:
        client.images.edit(prompt=PROMPT, image=[("dot.png", PNG), JPEG])
    assert server.received[0].body["image[]"] == [PNG, JPEG]
    assert attribute(recorded.spans[0], "input_json") == {"prompt": PROMPT, "image": [SENT_PNG, SENT_JPEG]}


def test_all_that_there_is_where_that_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole(ANSWER))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        client.images.generate(model=MODEL, prompt=PROMPT, quality="high")
    assert attribute(recorded.spans[0], "metadata") == {
        "provider": "openai",
        "model": MODEL,
        "quality": "high",
        "created": 1,
        "output_format": "png",
        "size": "1024x1024",
        "usage": USAGE,
    }


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"data": None, "usage": None, "size": None}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    for endpoint in (GENERATIONS, EDITS, VARIATIONS):
        assert endpoint.response(answer) == Description()
