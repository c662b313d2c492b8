"""Files of a form become attachments where their bytes are at hand; no file object is moved for it."""

import gzip
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from media import MP3, PNG, WAV, reference
from spanscore.attachments import Attachment
from spanscore.integrations.openai._media import attached, described, uploaded
from spanscore.testing import recorded_spans


@pytest.fixture(autouse=True)
def _recording() -> Iterator[None]:
    with recorded_spans():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "dot.png"
    path.write_bytes(PNG)
    return path


def recorded(value: Any) -> Any:
    """What stands in the row: references in the place of attachments."""
    if isinstance(value, list):
        return [recorded(one) for one in value]
    return value.recorded() if isinstance(value, Attachment) else value


AT_HAND: dict[str, tuple[Any, Any]] = {
    "bytes": (PNG, reference(PNG, "image/png", "image.png")),
    "bytes of no known kind": (b"xyz", reference(b"xyz", "application/octet-stream", "file.bin")),
    "name and bytes": (("a.x", WAV), reference(WAV, "audio/wav", "a.x")),
    "a name that tells the type": (("a.txt", b"xyz"), reference(b"xyz", "text/plain", "a.txt")),
    "a folder in the name": (("x/y/a.mp3", MP3), reference(MP3, "audio/mpeg", "a.mp3")),
    "a name that says nothing": (("upload", MP3), reference(MP3, "audio/mpeg", "upload")),
    "a type": (("a", PNG, "image/x-own"), reference(PNG, "image/x-own", "a")),
    "a blank type": (("a.png", PNG, " "), reference(PNG, "image/png", "a.png")),
    "headers": (("a", PNG, None, {"x": "y"}), reference(PNG, "image/png", "a")),
    "in memory": (io.BytesIO(MP3), reference(MP3, "audio/mpeg", "audio.mp3")),
    "nothing": (b"", {"bytes": 0}),
    "several": (
        [PNG, ("b", MP3)],
        [reference(PNG, "image/png", "image.png"), reference(MP3, "audio/mpeg", "b")],
    ),
}


@pytest.mark.parametrize(("file", "told"), AT_HAND.values(), ids=AT_HAND.keys())
def test_bytes_at_hand(file: Any, told: Any) -> None:
    assert recorded(uploaded(file)) == told


def test_a_file_on_disk_stays_where_it_stands(path: Path) -> None:
    with path.open("rb") as file, path.open("rb", buffering=0) as unbuffered:
        file.seek(5)
        for one in (file, unbuffered, ("dot.png", file)):
            assert recorded(uploaded(one)) == reference(PNG, "image/png", "dot.png")
        assert (file.tell(), unbuffered.tell()) == (5, 0)
        assert file.read() == PNG[5:]


class Unread(io.RawIOBase):
    """A file that must be read by the request alone."""

    name = "unread.png"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("read")

    def seek(self, offset: int, whence: int = 0) -> int:
        raise AssertionError("moved")


class Mine(io.BytesIO):
    def getvalue(self) -> bytes:
        raise AssertionError("read")


@pytest.mark.parametrize(
    "make",
    [
        Unread,
        lambda: io.BufferedReader(Unread()),
        lambda: Mine(PNG),
        lambda: io.StringIO("x"),
        lambda: None,
        lambda: 5,
        lambda: (),
        lambda: ("a.png",),
        lambda: object(),
    ],
)
def test_other_things_are_not_touched(make: Any) -> None:
    assert uploaded(make()) in (None, {"filename": "a.png", "content_type": "image/png"})


def test_what_is_made_of_a_file_while_it_is_read_is_another(tmp_path: Path) -> None:
    packed = tmp_path / "dot.gz"
    with gzip.open(packed, "wb") as writer:
        writer.write(PNG)
    with gzip.open(packed, "rb") as file:
        assert uploaded(file) is None
        assert uploaded(("dot.png", io.BufferedReader(file))) == {  # pyright: ignore[reportArgumentType]
            "filename": "dot.png",
            "content_type": "image/png",
        }


def test_closed_and_detached_files_are_described(path: Path) -> None:
    with path.open("rb") as closed:
        pass
    memory = io.BytesIO(PNG)
    memory.close()
    detached = path.open("rb")
    raw = detached.detach()
    assert uploaded(closed) == {"filename": "dot.png", "content_type": "image/png"}
    assert uploaded(memory) is None
    assert uploaded(("dot.png", detached)) == {"filename": "dot.png", "content_type": "image/png"}
    raw.close()


def test_a_pipe_is_not_read() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as file, os.fdopen(writing, "wb"):
        assert uploaded(file) is None


def test_a_file_without_a_name(path: Path) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(PNG)
        file.flush()
        with os.fdopen(os.dup(file.fileno()), "rb") as reading:
            assert recorded(uploaded(reading)) == reference(PNG, "image/png", "image.png")


@pytest.mark.parametrize(
    "settings", [{"convert_media": False}, {"max_media_bytes": 0}, {"max_media_bytes": len(PNG)}]
)
def test_what_is_not_wanted_or_too_large_is_described(path: Path, settings: dict[str, Any]) -> None:
    told = {"filename": "dot.png", "content_type": "image/png", "bytes": len(PNG)}
    with recorded_spans(**settings), path.open("rb") as file:
        assert [uploaded(file), uploaded(("dot.png", PNG)), attached(PNG)] == [told, told, None]


def test_described(path: Path) -> None:
    with path.open("rb") as file:
        assert described(file) == {"filename": "dot.png", "content_type": "image/png", "bytes": len(PNG)}
    assert described(("a.wav", WAV, "audio/wav")) == {
        "filename": "a.wav",
        "content_type": "audio/wav",
        "bytes": len(WAV),
    }
    assert described(None) is None


def test_attached() -> None:
    assert recorded(attached(WAV)) == reference(WAV, "audio/wav", "audio.wav")
