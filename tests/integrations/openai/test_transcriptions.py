"""Transcriptions and translations are told by the file and the text, in every call form."""

import inspect
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.resources.audio.transcriptions import Transcriptions

from fake_openai import FakeOpenAI, Reply, failure, streamed, whole
from media import MP3, reference
from openai_forms import client_of
from openai_operations import STREAMED, WHOLE, Form, Operation
from span_reading import attribute, told
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai._transcriptions import TRANSCRIPTIONS, TRANSLATIONS
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")
"""The client's own, for translations."""

needs_streams = pytest.mark.skipif(
    "stream" not in inspect.signature(Transcriptions.create).parameters,
    reason="this version of the client streams no transcriptions",
)

MODEL = "gpt-4o-transcribe"
SENT = reference(MP3, "audio/mpeg", "hello.mp3")
ARGUMENTS: Any = {"model": MODEL, "file": ("hello.mp3", MP3)}
NAMES = {"audio.transcriptions": "Transcription", "audio.translations": "Translation"}
TEXT = "Hello, wörld."
SEGMENT = {"id": 0, "start": 0.0, "end": 1.5, "text": TEXT, "tokens": [1, 2], "avg_logprob": -0.25}
TOKENS = {
    "type": "tokens",
    "input_tokens": 10,
    "input_token_details": {"text_tokens": 0, "audio_tokens": 10},
    "output_tokens": 6,
    "total_tokens": 16,
}
DURATION = {"type": "duration", "seconds": 2}
METRICS = {"tokens": 16, "prompt_tokens": 10, "completion_tokens": 6, "prompt_audio_tokens": 10}
VERBOSE = {"task": "transcribe", "duration": 1.5, "language": "english", "text": TEXT, "segments": [SEGMENT]}
SUBTITLES = f"1\n00:00:00,000 --> 00:00:01,500\n{TEXT}\n"
PLAIN = "text/plain; charset=utf-8"

ANSWERS: dict[str, tuple[str, Reply, Any, Any]] = {
    "json, tokens": ("json", whole({"text": TEXT, "usage": TOKENS}), TEXT, METRICS),
    "json, duration": ("json", whole({"text": TEXT, "usage": DURATION}), TEXT, None),
    "json, no usage": ("json", whole({"text": TEXT}), TEXT, None),
    "json, logprobs": (
        "json",
        whole({"text": TEXT, "logprobs": [{"token": "Hello"}], "usage": TOKENS}),
        {"text": TEXT, "logprobs": [{"token": "Hello"}]},
        METRICS,
    ),
    "verbose_json": ("verbose_json", whole({**VERBOSE, "usage": DURATION}), VERBOSE, None),
    "text": ("text", Reply(content_type=PLAIN, body=TEXT), TEXT, None),
    "text that looks like JSON": ("text", Reply(content_type=PLAIN, body="42"), "42", None),
    "srt": ("srt", Reply(content_type=PLAIN, body=SUBTITLES), SUBTITLES, None),
    "vtt": ("vtt", Reply(content_type=PLAIN, body=f"WEBVTT\n\n{SUBTITLES}"), f"WEBVTT\n\n{SUBTITLES}", None),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("of", NAMES)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_a_whole_answer(
    form: Form, of: str, name: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    kind, reply, output, metrics = ANSWERS[name]
    server.reply(reply)
    await form(server.url, Operation(of=of, arguments={**ARGUMENTS, "response_format": kind}))
    assert server.received[0].body["file"] == MP3
    (span,) = recorded.spans
    assert (span.name, attribute(span, "span_attributes")) == (NAMES[of], {"type": "llm"})
    assert told(span) == {
        "input": {"file": SENT},
        "output": output,
        "metadata": {"provider": "openai", "model": MODEL, "response_format": kind},
        "metrics": metrics,
    }


EVENTS: list[dict[str, Any]] = [
    {"type": "transcript.text.delta", "delta": "Hello, "},
    {"type": "transcript.text.delta", "delta": "wörld."},
    {"type": "transcript.text.done", "text": TEXT, "usage": TOKENS},
]


@needs_streams
@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_a_streamed_answer_is_told_like_a_whole_one(
    form: Form, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(streamed(EVENTS))
    await form(server.url, Operation(of="audio.transcriptions", arguments=ARGUMENTS))
    assert [(span.name, told(span)) for span in recorded.spans] == [
        (
            "Transcription",
            {
                "input": {"file": SENT},
                "output": TEXT,
                "metadata": {"provider": "openai", "model": MODEL},
                "metrics": {**METRICS, "time_to_first_token": True},
            },
        )
    ]


@needs_streams
def test_a_stream_that_breaks_down_keeps_what_has_come(server: FakeOpenAI, recorded: RecordedRecords) -> None:
    server.reply(streamed(EVENTS[:1], is_cut=True))
    run = Operation(of="audio.transcriptions", arguments=ARGUMENTS)
    with client_of(server.url) as client, pytest.raises(Exception, match=r"closed|Connection error"):
        list(run(client, stream=True))
    assert [attribute(span, "output_json") for span in recorded.spans] == ["Hello, "]


@pytest.mark.parametrize("of", NAMES)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_an_error_is_recorded(
    form: Form, of: str, server: FakeOpenAI, recorded: RecordedRecords
) -> None:
    server.reply(failure(400, "no audio"))
    with pytest.raises(openai.BadRequestError, match="no audio"):
        await form(server.url, Operation(of=of, arguments=ARGUMENTS))
    (span,) = recorded.spans
    assert (attribute(span, "input_json"), attribute(span, "output_json")) == ({"file": SENT}, None)
    assert (span.attributes or {})["error.type"] == "openai.BadRequestError"


def test_a_file_on_disk_is_sent_whole_and_told(
    server: FakeOpenAI, recorded: RecordedRecords, tmp_path: Path
) -> None:
    path = tmp_path / "hello.mp3"
    path.write_bytes(MP3)
    server.reply(whole({"text": TEXT}))
    with client_of(server.url) as client, path.open("rb") as file:
        assert client.audio.transcriptions.create(model=MODEL, file=file).text == TEXT
    assert server.received[0].body["file"] == MP3
    assert attribute(recorded.spans[0], "input_json") == {"file": SENT}


def test_what_is_given_to_be_read_is_an_input_too() -> None:
    body = {"model": "m", "prompt": "Names: Ada", "known_speaker_names": ["Ada"], "language": "en"}
    described = TRANSCRIPTIONS.request(Request(body=body))
    assert (described.input, described.more) == (
        {"prompt": "Names: Ada", "known_speaker_names": ["Ada"]},
        {"language": "en"},
    )


def test_all_that_there_is_where_that_is_wanted(server: FakeOpenAI) -> None:
    server.reply(whole({"text": TEXT, "usage": DURATION}))
    with recorded_spans(capture="all") as recorded, client_of(server.url) as client:
        client.audio.transcriptions.create(**ARGUMENTS, language="en")
    assert attribute(recorded.spans[0], "metadata") == {
        "provider": "openai",
        "model": MODEL,
        "language": "en",
        "usage": DURATION,
    }


@pytest.mark.parametrize("answer", [None, {}, {"text": None, "usage": None}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert TRANSCRIPTIONS.response(answer) == TRANSLATIONS.response(answer) == Description()


@pytest.mark.parametrize(
    ("answer", "output"), [(5, 5), ([1], [1]), ({"text": 5}, 5), ({"words": []}, {"words": []})]
)
def test_an_answer_of_another_shape(answer: Any, output: Any) -> None:
    assert TRANSCRIPTIONS.response(answer) == Description(output=output)
