"""Media in OpenAI's shapes, as its requests and answers have them."""

from typing import Any

import pytest

from media import JPEG, MP3, PDF, PNG, WAV, data_uri, encoded, reference

pytestmark = pytest.mark.core

PNG_URI = data_uri(PNG, "image/png")
PDF_URI = data_uri(PDF, "application/pdf")
SHAPES: dict[str, tuple[Any, Any, bytes]] = {
    "chat image": (
        {"type": "image_url", "image_url": {"url": PNG_URI, "detail": "low"}},
        {
            "type": "image_url",
            "image_url": {"url": reference(PNG, "image/png", "image.png"), "detail": "low"},
        },
        PNG,
    ),
    "chat file": (
        {"type": "file", "file": {"filename": "terms.pdf", "file_data": PDF_URI}},
        {
            "type": "file",
            "file": {"filename": "terms.pdf", "file_data": reference(PDF, "application/pdf", "terms.pdf")},
        },
        PDF,
    ),
    "chat audio": (
        {"type": "input_audio", "input_audio": {"data": encoded(WAV), "format": "wav"}},
        {
            "type": "input_audio",
            "input_audio": {"data": reference(WAV, "audio/wav", "audio.wav"), "format": "wav"},
        },
        WAV,
    ),
    "spoken answer": (
        {
            "role": "assistant",
            "audio": {"id": "audio_1", "data": encoded(MP3), "transcript": "Hi", "expires_at": 9},
        },
        {
            "role": "assistant",
            "audio": {
                "id": "audio_1",
                "data": reference(MP3, "audio/mpeg", "audio.mp3"),
                "transcript": "Hi",
                "expires_at": 9,
            },
        },
        MP3,
    ),
    "responses image": (
        {"type": "input_image", "image_url": PNG_URI},
        {"type": "input_image", "image_url": reference(PNG, "image/png", "image.png")},
        PNG,
    ),
    "responses file": (
        {"type": "input_file", "filename": "terms.pdf", "file_data": PDF_URI},
        {
            "type": "input_file",
            "filename": "terms.pdf",
            "file_data": reference(PDF, "application/pdf", "terms.pdf"),
        },
        PDF,
    ),
    "generated image": (
        {"type": "image_generation_call", "id": "ig_1", "result": encoded(JPEG), "output_format": "jpeg"},
        {
            "type": "image_generation_call",
            "id": "ig_1",
            "result": reference(JPEG, "image/jpeg", "image.jpg"),
            "output_format": "jpeg",
        },
        JPEG,
    ),
    "generated image of no format": (
        {"type": "image_generation_call", "result": encoded(PNG)},
        {"type": "image_generation_call", "result": reference(PNG, "image/png", "image.png")},
        PNG,
    ),
    "image of the images endpoint": (
        {"created": 1, "data": [{"b64_json": encoded(PNG), "revised_prompt": "a dot"}]},
        {
            "created": 1,
            "data": [{"b64_json": reference(PNG, "image/png", "image.png"), "revised_prompt": "a dot"}],
        },
        PNG,
    ),
}

UNTOUCHED: dict[str, Any] = {
    "remote image": {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    "path": {"type": "image_url", "image_url": {"url": "/etc/hostname-and-more-characters"}},
    "text around a data URI": {"type": "text", "text": f"see {PNG_URI}"},
    "text behind a data URI": {"type": "image_url", "image_url": {"url": f"{PNG_URI} and more"}},
    "unknown type": {"type": "image_url", "image_url": {"url": data_uri(PNG, "image/x-unheard-of")}},
    "audio of unknown format": {
        "type": "input_audio",
        "input_audio": {"data": encoded(WAV), "format": "raw"},
    },
    "audio of no format": {"type": "input_audio", "input_audio": {"data": encoded(WAV)}},
    "audio that is no base64": {"type": "input_audio", "input_audio": {"data": "!" * 40, "format": "wav"}},
    "base64 broken in the middle": {
        "type": "input_audio",
        "input_audio": {"data": f"{encoded(WAV)}!{encoded(WAV)}", "format": "wav"},
    },
    "sound of no known kind": {"audio": {"id": "a", "data": encoded(bytes(40))}},
    "audio parameters of a request": {"audio": {"voice": "alloy", "format": "wav"}},
    "file that was uploaded": {"type": "file", "file": {"file_id": "file-1"}},
    "base64 of no shape": {"data": encoded(PNG), "result": encoded(PNG)},
    "picture that is still coming": {"type": "image_generation_call", "result": None},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_item_68_media_become_references_in_their_place(shape: str, convert: Any) -> None:
    given, expected, content = SHAPES[shape]
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, given]}]
    assert convert(messages) == [
        {"role": "user", "content": [{"type": "text", "text": "What is it?"}, expected]}
    ]
    assert convert.kept == [content]


@pytest.mark.parametrize("shape", UNTOUCHED)
def test_item_39_what_is_no_known_media_stays(shape: str, convert: Any) -> None:
    assert convert([{"role": "user", "content": [UNTOUCHED[shape]]}]) is None
    assert convert.kept == []
