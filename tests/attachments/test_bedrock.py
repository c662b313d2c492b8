"""Media in the shape of Bedrock's Converse."""

from typing import Any

import pytest

from media import MP4, PDF, PNG, WAV, encoded, reference

pytestmark = pytest.mark.core


def block(kind: str, format_: str, content: bytes, **more: Any) -> dict[str, Any]:
    return {kind: {"format": format_, "source": {"bytes": encoded(content)}, **more}}


def expected(kind: str, format_: str, found: Any, **more: Any) -> dict[str, Any]:
    return {kind: {"format": format_, "source": {"bytes": found}, **more}}


SHAPES: dict[str, tuple[Any, Any, bytes]] = {
    "image": (
        {"type": "image", **block("image", "png", PNG)},
        {"type": "image", **expected("image", "png", reference(PNG, "image/png", "image.png"))},
        PNG,
    ),
    "video": (
        block("video", "mp4", MP4),
        expected("video", "mp4", reference(MP4, "video/mp4", "video.mp4")),
        MP4,
    ),
    "audio": (
        block("audio", "mp4", MP4),
        expected("audio", "mp4", reference(MP4, "audio/mp4", "audio.m4a")),
        MP4,
    ),
    "sound": (
        block("audio", "wav", WAV),
        expected("audio", "wav", reference(WAV, "audio/wav", "audio.wav")),
        WAV,
    ),
    "document": (
        block("document", "pdf", PDF, name="terms"),
        expected("document", "pdf", reference(PDF, "application/pdf", "terms.pdf"), name="terms"),
        PDF,
    ),
    "image that a tool gave": (
        {"toolResult": {"toolUseId": "t", "content": [block("image", "png", PNG)]}},
        {
            "toolResult": {
                "toolUseId": "t",
                "content": [expected("image", "png", reference(PNG, "image/png", "image.png"))],
            }
        },
        PNG,
    ),
}

UNTOUCHED: dict[str, Any] = {
    "in a bucket": {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/a.png"}}}},
    "unknown format": block("image", "x-unheard-of", PNG),
    "format of another block": block("image", "pdf", PDF),
    "another block": block("picture", "png", PNG),
    "no format": {"image": {"source": {"bytes": encoded(PNG)}}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_item_69_the_bytes_of_a_source_become_the_reference(shape: str, convert: Any) -> None:
    given, wanted, content = SHAPES[shape]
    assert convert([{"role": "user", "content": [{"text": "?"}, given]}]) == [
        {"role": "user", "content": [{"text": "?"}, wanted]}
    ]
    assert convert.kept == [content]


@pytest.mark.parametrize("shape", UNTOUCHED)
def test_item_39_what_is_no_known_media_stays(shape: str, convert: Any) -> None:
    assert convert([{"role": "user", "content": [UNTOUCHED[shape]]}]) is None
