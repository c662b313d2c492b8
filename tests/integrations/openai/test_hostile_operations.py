"""Answers that no API should give, at all endpoints but chats: what the caller sees is the bare client's."""

import gc
import inspect
import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai.resources.images import Images

from fake_openai import FakeOpenAI, Reply, streamed, whole
from media import MP3, PNG
from openai_operations import STREAMED, WHOLE, Form, Operation
from spanscore._json import from_json, to_json
from spanscore.integrations._endpoint import Description, Request
from spanscore.integrations.openai import ENDPOINTS
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS
from spanscore.integrations.openai._responses import RESPONSES
from spanscore.testing import recorded_spans

pytestmark = [
    pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning"),
    pytest.mark.usefixtures("_no_own_warnings"),
]

OTHERS = [endpoint for endpoint in ENDPOINTS if endpoint not in (CHAT_COMPLETIONS, *RESPONSES)]

FILE = {"file": ("a.mp3", MP3), "model": "m"}
OPERATIONS = {
    "completions": Operation(of="completions", arguments={"model": "m", "prompt": "p"}),
    "embeddings": Operation(of="embeddings", arguments={"model": "m", "input": "i"}),
    "moderations": Operation(of="moderations", arguments={"input": "i"}),
    "images": Operation(of="images", name="generate", arguments={"prompt": "p"}),
    "image edits": Operation(of="images", name="edit", arguments={"prompt": "p", "image": PNG}),
    "speech": Operation(of="audio.speech", arguments={"model": "m", "voice": "v", "input": "i"}),
    "transcriptions": Operation(of="audio.transcriptions", arguments=FILE),
    "translations": Operation(of="audio.translations", arguments=FILE),
    "uploads": Operation(of="files", arguments={"file": b"x", "purpose": "batch"}),
    "lists": Operation(of="files", name="list"),
    "contents": Operation(of="files", name="content", arguments={"file_id": "f"}),
    "batches": Operation(of="batches", name="retrieve", arguments={"batch_id": "b"}),
}
_SIGNATURE = inspect.signature(Images.generate).parameters
STREAMED_OPERATIONS = [
    "completions",
    *(["images", "image edits", "transcriptions"] if "stream" in _SIGNATURE else []),
]

REPLIES: dict[str, Reply] = {
    "null": whole(None),
    "a list": whole([1, {"id": 5}]),
    "fields null": whole({"id": None, "data": None, "choices": None, "results": None, "usage": None}),
    "fields of other types": whole(
        {"id": [], "data": "x", "choices": 5, "results": {}, "usage": [1], "text": 7}
    ),
    "items of other types": whole(
        {"data": [None, 5, "x", {"embedding": None, "b64_json": 5}], "choices": [None, 5], "results": [0]}
    ),
    "no JSON": Reply(body="<html>", content_type="text/html"),
    "broken JSON": Reply(body='{"data": [', content_type="application/json"),
    "no text": Reply(binary=b"\xff\xfe\x00", content_type="text/plain; charset=utf-8"),
    "nothing": Reply(body=""),
    "cut": Reply(body='{"data": [', is_cut=True),
}
EVENTS: dict[str, Reply] = {
    "none": streamed([]),
    "of other types": streamed([None, 5, "x", [1], {}, {"type": None}, {"type": [], "choices": None}]),
    "parts of other types": streamed(
        [
            {"choices": [None, 5, {"index": "x", "text": 5, "logprobs": 7}], "usage": "much", "model": 5},
            {"type": "transcript.text.delta", "delta": 5},
            {"type": "transcript.text.done", "text": None, "usage": 5},
            {"type": "image_generation.completed", "b64_json": 5, "usage": []},
        ]
    ),
    "no events": Reply(body="data: {\n\nnot an event\n\n", content_type="text/event-stream"),
    "cut": streamed([{"type": "transcript.text.delta", "delta": "a"}], is_cut=True),
}


@pytest.fixture
def _no_own_warnings(caplog: pytest.LogCaptureFixture) -> Any:
    with caplog.at_level(logging.WARNING, "spanscore"):
        yield
    assert [record for record in caplog.records if record.name.startswith("spanscore")] == []


async def outcome(form: Form, run: Operation, server: FakeOpenAI, reply: Reply) -> tuple[str, str]:
    """What the caller sees: the value read, or the kind of error and its text."""
    server.reply(reply)
    try:
        return "value", repr(await form(server.url, run))
    except Exception as error:  # noqa: BLE001 - whatever the client raises is the outcome
        return type(error).__name__, str(error)


async def check(form: Form, run: Operation, server: FakeOpenAI, replies: dict[str, Reply]) -> None:
    for name, reply in replies.items():
        bare = await outcome(form, run, server, reply)
        with recorded_spans() as recorded:
            assert (name, await outcome(form, run, server, reply)) == (name, bare)
            if not recorded.spans:
                gc.collect()  # a caller that fails in the middle of a stream leaves it to the collector
        assert (name, len(recorded.spans)) == (name, 1)


@pytest.mark.parametrize("run", OPERATIONS.values(), ids=OPERATIONS.keys())
@pytest.mark.parametrize("form", ["create", "with_streaming_response, bytes", "async with_raw_response"])
async def test_the_caller_sees_what_the_bare_client_gives(
    form: str, run: Operation, server: FakeOpenAI
) -> None:
    await check(WHOLE[form], run, server, REPLIES)


@pytest.mark.parametrize("name", STREAMED_OPERATIONS)
@pytest.mark.parametrize("form", STREAMED.values(), ids=STREAMED.keys())
async def test_the_caller_sees_the_stream_that_the_bare_client_gives(
    form: Form, name: str, server: FakeOpenAI
) -> None:
    await check(form, OPERATIONS[name], server, EVENTS)


FIELDS = (
    *("id", "model", "usage", "choices", "index", "text", "logprobs", "finish_reason", "data", "embedding"),
    *("results", "b64_json", "url", "output_format", "segments", "type", "delta", "audio", "request_counts"),
    *("prompt_tokens", "input_tokens", "input_tokens_details", "has_more", "status", "purpose", "filename"),
)
KINDS = ("transcript.text.delta", "transcript.text.done", "transcript.text.segment")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from((*KINDS, "image_edit.completed", "image_edit.partial_image", "iVBORw0KGgo=")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=30,
)
FILES = st.none() | st.text(max_size=9) | st.binary(max_size=9)
UPLOADS = st.recursive(
    FILES, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=6
)


def encodable(description: Description) -> None:
    """Whatever is told becomes JSON."""
    for value in (description.input, description.output, description.metadata, description.more):
        from_json(to_json(value))


@given(answer=JSON, body=st.binary(max_size=60))
def test_every_answer_is_described(answer: Any, body: bytes) -> None:
    for endpoint in OTHERS:
        encodable(endpoint.response(answer))
        for raw in (body, b"data: " + body, json.dumps(answer).encode()):
            encodable(endpoint.response(endpoint.decode(raw)))


@given(
    body=st.dictionaries(st.sampled_from((*FIELDS, "prompt", "input", "instructions")), JSON, max_size=6),
    files=st.dictionaries(st.sampled_from(("file", "image", "image[]", "mask")), UPLOADS, max_size=3),
)
def test_every_request_is_described(body: Any, files: Any) -> None:
    for endpoint in OTHERS:
        path = endpoint.path.replace("{id}", "x")
        encodable(endpoint.request(Request(body=body, files=files, path=path)))


@given(chunks=st.lists(JSON, max_size=6))
def test_every_stream_is_put_together(chunks: list[Any]) -> None:
    for endpoint in OTHERS:
        if endpoint.accumulator is not None:
            accumulator = endpoint.accumulator()
            for chunk in chunks:
                accumulator.add(chunk)
            encodable(endpoint.response(accumulator.response()))


@pytest.mark.parametrize("run", OPERATIONS.values(), ids=OPERATIONS.keys())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=JSON)
async def test_any_json_ends_as_with_the_bare_client(run: Operation, server: FakeOpenAI, answer: Any) -> None:
    await check(WHOLE["create"], run, server, {"any": whole(answer)})
