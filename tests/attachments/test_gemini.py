"""Media in Gemini's shape, in both spellings."""

from typing import Any

import pytest

from media import MP4, PNG, WAV, encoded, reference

pytestmark = pytest.mark.core

SHAPES: dict[str, tuple[Any, Any, bytes]] = {
    "image as the wire has it": (
        {"inlineData": {"mimeType": "image/png", "data": encoded(PNG)}},
        {"image_url": {"url": reference(PNG, "image/png", "image.png")}},
        PNG,
    ),
    "image as the library has it": (
        {"inline_data": {"mime_type": "image/png", "data": encoded(PNG), "display_name": None}, "text": None},
        {"image_url": {"url": reference(PNG, "image/png", "image.png")}, "text": None},
        PNG,
    ),
    "in the alphabet of the library": (
        {"inline_data": {"mime_type": "video/mp4", "data": encoded(b"\xfb\xff" + MP4, is_url_safe=True)}},
        {"file": {"file_data": reference(b"\xfb\xff" + MP4, "video/mp4", "video.mp4")}},
        b"\xfb\xff" + MP4,
    ),
    "without padding": (
        {"inlineData": {"mimeType": "audio/wav", "data": encoded(WAV + b"x").rstrip("=")}},
        {"file": {"file_data": reference(WAV + b"x", "audio/wav", "audio.wav")}},
        WAV + b"x",
    ),
    "named sound with parameters": (
        {
            "inlineData": {
                "mimeType": "audio/L16;codec=pcm;rate=24000",
                "data": encoded(WAV),
                "displayName": "hi",
            }
        },
        {"file": {"file_data": reference(WAV, "audio/L16;codec=pcm;rate=24000", "hi")}},
        WAV,
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_item_71_inline_data_become_an_image_or_a_file(shape: str, convert: Any) -> None:
    given, expected, content = SHAPES[shape]
    asked = {"model": "gemini-2.5-flash", "contents": [{"role": "user", "parts": [given, {"text": "?"}]}]}
    assert convert(asked) == {
        "model": "gemini-2.5-flash",
        "contents": [{"role": "user", "parts": [expected, {"text": "?"}]}],
    }
    assert convert.kept == [content]


UNTOUCHED: dict[str, Any] = {
    "file at an address": {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}},
    "unknown type": {"inlineData": {"mimeType": "image/x-unheard-of", "data": encoded(PNG)}},
    "no type": {"inlineData": {"data": encoded(PNG)}},
    "no object": {"inlineData": encoded(PNG)},
}


@pytest.mark.parametrize("shape", UNTOUCHED)
def test_item_39_what_is_no_known_media_stays(shape: str, convert: Any) -> None:
    assert convert({"contents": [{"parts": [UNTOUCHED[shape]]}]}) is None
