"""Speech is told by the text and the audio as an attachment, in every call form, in a piece or in events."""

import json
from pathlib import Path
from typing import Any

import openai
import pytest

from fake_openai import FakeOpenAI, Reply, failure
from media import MP3, WAV, encoded, reference
from openai_forms import async_client_of, client_of
from openai_operations import WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations import _reading
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai import _speech
from spanscore.integrations.openai._speech import SPEECH
from spanscore.testing import RecordedRecords, recorded_spans

TEXT = "Hello there"
MODEL = "gpt-4o-mini-tts"
CREATE = Operation(
    of="audio.speech", arguments={"model": MODEL, "voice": "alloy", "input": TEXT, "response_format": "mp3"}
)
PLAIN = Reply(content_type="audio/mpeg", binary=MP3)
AUDIO = {"audio": reference(MP3, "audio/mpeg", "audio.mp3"), "bytes": len(MP3)}
TOLD: dict[str, Any] = {
    "input": TEXT,
    "output": AUDIO,
    "metadata": {"provider": "openai", "model": MODEL, "response_format": "mp3"},
    "metrics": None,
}
EVENTS = [
    {"type": "speech.audio.delta", "audio": encoded(MP3[:10])},
    {"type": "speech.audio.delta", "audio": encoded(MP3[10:])},
    {
        "type": "speech.audio.done",
        "usage": {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115},
    },
]


def events(values: list[Any]) -> Reply:
    body = "".join(f"data: {json.dumps(one)}\n\n" for one in values)
    return Reply(content_type="text/event-stream", body=body)


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_every_form(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(PLAIN)
    assert await form(server.url, CREATE) == MP3
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes"), told(span)) == ("Speech", {"type": "llm"}, TOLD)
    assert {name: value for name, value in (span.attributes or {}).items() if name.startswith("gen_ai.")} == {
        "gen_ai.operation.name": "speech",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
    }


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_events_are_told_like_one_piece(
    form: Form, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    reply = events(EVENTS)
    server.reply(reply)
    assert await form(server.url, CREATE) == reply.body.encode()
    assert [told(span) for span in recorded.spans] == [
        {**TOLD, "metrics": {"tokens": 115, "prompt_tokens": 14, "completion_tokens": 101}}
    ]


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(form: Form, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(failure(429, "slow down"))
    with pytest.raises(openai.RateLimitError, match="slow down"):
        await form(server.url, CREATE)
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == (TEXT, None)
    assert (span.attributes or {})["error.type"] == "openai.RateLimitError"


def test_audio_streamed_to_a_file(server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path) -> None:
    server.reply(PLAIN)
    with client_of(server.url) as client, CREATE(client, "with_streaming_response") as response:
        response.stream_to_file(tmp_path / "hello.mp3", chunk_size=16)
    assert (tmp_path / "hello.mp3").read_bytes() == MP3
    assert [told(span) for span in recorded.spans] == [TOLD]


async def test_audio_streamed_to_a_file_async(
    server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path
) -> None:
    server.reply(PLAIN)
    async with (
        async_client_of(server.url) as client,
        CREATE(client, "with_streaming_response") as response,
    ):
        await response.stream_to_file(tmp_path / "hello.mp3", chunk_size=16)
    assert (tmp_path / "hello.mp3").read_bytes() == MP3
    assert [told(span) for span in recorded.spans] == [TOLD]


def test_audio_that_is_read_in_part_is_told_in_part(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(PLAIN)
    with client_of(server.url) as client, CREATE(client, "with_streaming_response") as response:
        assert next(response.iter_bytes(16)) == MP3[:16]
    (span,) = recorded.spans
    assert attribute(span, "output_json") == {
        "audio": reference(MP3[:16], "audio/mpeg", "audio.mp3"),
        "bytes": 16,
    }


def test_audio_beyond_what_is_kept_is_said_to_be_cut(
    server: FakeOpenAI, recorded: RecordedRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_reading, _speech):
        monkeypatch.setattr(module, "BODY_LIMIT", 20)
    server.reply(PLAIN, PLAIN)
    with client_of(server.url) as client:
        with CREATE(client, "with_streaming_response") as response:
            assert b"".join(response.iter_bytes(7)) == MP3
        CREATE(client)
    assert [attribute(span, "output_json") for span in recorded.spans] == [
        {"audio": reference(MP3[:20], "audio/mpeg", "audio.mp3"), "bytes": 20, "is_cut": True},
        AUDIO,
    ]


def test_audio_that_nobody_reads(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(PLAIN)
    with client_of(server.url) as client, CREATE(client, "with_streaming_response"):
        pass
    assert [told(span) for span in recorded.spans] == [{**TOLD, "output": None}]


def test_how_to_speak_is_an_input() -> None:
    described = SPEECH.request(Request(body={"model": "m", "input": "a", "instructions": "b", "speed": 2}))
    assert (described.input, described.more) == ({"input": "a", "instructions": "b"}, {"speed": 2})


def test_all_that_there_is_where_that_is_wanted(server: FakeOpenAI) -> None:
    server.reply(Reply(content_type="audio/wav", binary=WAV))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        CREATE(client)
    (span,) = recorded.spans
    assert attribute(span, "output_json")["audio"] == reference(WAV, "audio/wav", "audio.wav")
    assert attribute(span, "metadata") == {**TOLD["metadata"], "voice": "alloy"}


def test_the_size_alone_where_media_are_not_wanted(server: FakeOpenAI) -> None:
    server.reply(PLAIN)
    with recorded_spans(convert_media=False) as recorded, client_of(server.url) as client:
        CREATE(client)
    assert attribute(recorded.spans[0], "output_json") == {"bytes": len(MP3)}


@pytest.mark.parametrize(
    "values",
    [
        [],
        [5, None, "x", []],
        [{"type": "speech.audio.delta", "audio": 5}, {"usage": None}],
        [{"audio": "no base64"}, {"usage": [1]}],
    ],
)
def test_events_of_another_shape(values: list[Any]) -> None:
    body = b"data: {}\n\n" + events(values).body.encode()
    assert SPEECH.response(SPEECH.decode(body)) == Description()


@pytest.mark.parametrize("answer", [None, 5, "text", [], {}, {"content": b"x"}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert SPEECH.response(answer) == Description()
