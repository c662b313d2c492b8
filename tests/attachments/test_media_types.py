"""Kinds of media by name and by their first bytes."""

import pytest

from media import JPEG, MP3, PDF, PNG, WAV
from spanscore.attachments._media_types import filename_for, known, told_by

pytestmark = pytest.mark.core

TOLD = {
    "image/png": PNG,
    "image/jpeg": JPEG,
    "application/pdf": PDF,
    "audio/wav": WAV,
    "audio/mpeg": MP3,
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "image/gif": b"GIF89a",
    "audio/aac": b"\xff\xf1P\x80",
    "audio/flac": b"fLaC\x00",
    "audio/ogg": b"OggS\x00",
}


@pytest.mark.parametrize("content_type", TOLD)
def test_first_bytes_tell_the_kind(content_type: str) -> None:
    assert told_by(TOLD[content_type]) == content_type


@pytest.mark.parametrize("head", [b"", b"\xff", b"\xff\x00", b"RIFF\x00\x00\x00\x00AVI ", b"plain text"])
def test_other_bytes_tell_nothing(head: bytes) -> None:
    assert told_by(head) is None


def test_a_frame_of_mp3_without_a_tag_is_known() -> None:
    assert told_by(b"\xff\xfb\x90\x00") == "audio/mpeg"


@pytest.mark.parametrize(
    ("given", "is_known"),
    [
        ("image/png", True),
        ("Image/PNG", True),
        ("audio/pcm; rate=24000", True),
        ("image/x-unheard-of", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_known(given: object, is_known: bool) -> None:
    assert known(given) == (given if is_known else None)


@pytest.mark.parametrize(
    ("content_type", "given", "filename"),
    [
        ("image/png", None, "image.png"),
        ("application/pdf", None, "file.pdf"),
        ("application/pdf", "terms.pdf", "terms.pdf"),
        ("video/mp4", "  ", "video.mp4"),
        ("audio/pcm;rate=1", 7, "audio.pcm"),
        ("x/y", None, "file.bin"),
    ],
)
def test_item_67_the_filename_is_the_providers_or_made_of_the_type(
    content_type: str, given: object, filename: str
) -> None:
    assert filename_for(content_type, given) == filename
