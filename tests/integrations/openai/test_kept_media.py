"""Images and audio of calls in the embedded store: references in the rows, the bytes beside them, whole."""

from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from fake_openai import FakeOpenAI, Reply, whole
from media import MP3, PNG, encoded, key, png, reference
from openai_forms import client_of
from spanscore import flush, init_logger
from spanscore._config import Settings
from spanscore._connect import open_store
from spanscore.testing import recorded_spans
from spanscore.wire.parent import Parent

LARGE = png(3_000_000)
"""As base64 four times of what everything else in an output is cut to."""


def generate(client: OpenAI) -> None:
    client.images.generate(prompt="a dot")


def edit(client: OpenAI) -> None:
    client.images.edit(prompt="a dot", image=("dot.png", PNG))


def speak(client: OpenAI) -> None:
    client.audio.speech.create(model="m", voice="alloy", input="hi")


def speak_streaming(client: OpenAI) -> None:
    speech = client.audio.speech.with_streaming_response
    with speech.create(model="m", voice="alloy", input="hi") as response:
        list(response.iter_bytes(7))


def transcribe(client: OpenAI) -> None:
    client.audio.transcriptions.create(model="m", file=("a.mp3", MP3))


IMAGE = whole({"created": 1, "data": [{"b64_json": encoded(LARGE)}]})
AUDIO = Reply(content_type="audio/mpeg", binary=MP3)
TOLD_IMAGE = [{"b64_json": reference(LARGE, "image/png", "image.png")}]
TOLD_AUDIO = {"audio": reference(MP3, "audio/mpeg", "audio.mp3"), "bytes": len(MP3)}
CALLS: dict[str, tuple[Any, Reply, Any, Any, dict[str, bytes]]] = {
    "generated": (generate, IMAGE, "a dot", TOLD_IMAGE, {key(LARGE): LARGE}),
    "edited": (
        edit,
        IMAGE,
        {"prompt": "a dot", "image": reference(PNG, "image/png", "dot.png")},
        TOLD_IMAGE,
        {key(LARGE): LARGE, key(PNG): PNG},
    ),
    "spoken": (speak, AUDIO, "hi", TOLD_AUDIO, {key(MP3): MP3}),
    "spoken, streaming": (speak_streaming, AUDIO, "hi", TOLD_AUDIO, {key(MP3): MP3}),
    "transcribed": (
        transcribe,
        whole({"text": "hi"}),
        {"file": reference(MP3, "audio/mpeg", "a.mp3")},
        "hi",
        {key(MP3): MP3},
    ),
}


def stored(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "attachments").rglob("*") if path.is_file()}


@pytest.mark.parametrize(("call", "reply", "asked", "answered", "kept"), CALLS.values(), ids=CALLS.keys())
def test_media_are_kept(
    call: Any, reply: Reply, asked: Any, answered: Any, kept: dict[str, bytes], server: FakeOpenAI
) -> None:
    init_logger("media")
    server.reply(reply)
    with client_of(server.url) as client:
        call(client)
    flush()
    settings = Settings.from_env()
    store = open_store(settings)
    (row,) = store.rows(Parent.parse("project_name:media"))
    store.close()
    assert (row.input, row.output, stored(settings.home)) == (asked, answered, kept)


@pytest.mark.parametrize(("call", "reply"), [case[:2] for case in CALLS.values()], ids=CALLS.keys())
def test_media_are_in_no_other_attribute(call: Any, reply: Reply, server: FakeOpenAI) -> None:
    server.reply(reply)
    with recorded_spans(capture="all", capture_messages=True) as recorded, client_of(server.url) as client:
        call(client)
    (span,) = recorded.spans
    rest = {name: str(value) for name, value in (span.attributes or {}).items() if "put_json" not in name}
    assert [name for name, value in rest.items() if len(value) > 1000] == []
    assert "gen_ai.output.messages" not in rest
