"""Real answers of the Gemini API, served over loopback to the real client, whole and in random pieces.

Expected values come from the recorded answers.
"""

import json
import random
from typing import Any

import pytest

from fake_google import FakeGoogle, Reply
from google_forms import bare_client, closing_client
from recordings import recording
from span_reading import told
from spanscore.integrations.google_genai import wrap
from spanscore.testing import RecordedRecords

pytestmark = pytest.mark.recorded

MODEL = "gemini-2.0-flash-001"
TEXT = "The capital of France is Paris.\n"
TOLD_USAGE = {
    "prompt_tokens": "promptTokenCount",
    "completion_tokens": "candidatesTokenCount",
    "tokens": "totalTokenCount",
}


def interaction(name: str) -> tuple[dict[str, Any], str]:
    """What was asked, and the body of the answer."""
    (recorded,) = json.loads(recording(name).read_text())["interactions"]
    return recorded["request"]["json"], recorded["response"]["body"]


def asked(request: dict[str, Any]) -> Any:
    """The arguments that lead to the recorded request."""
    most = request["generationConfig"]["maxOutputTokens"]
    return {"model": MODEL, "contents": request["contents"], "config": {"max_output_tokens": most}}


def check(span: Any, request: dict[str, Any], last: dict[str, Any], *, is_stream: bool) -> None:
    usage = last["usageMetadata"]
    described = told(span)
    assert described["input"]["model"] == MODEL
    assert described["input"]["contents"] == request["contents"]
    (candidate,) = described["output"]["candidates"]
    assert candidate["content"] == {"role": "model", "parts": [{"text": TEXT}]}
    assert described["metadata"] == {"provider": "google", "model": last["modelVersion"], "max_tokens": 100}
    assert described["metrics"] == {
        **{name: usage[key] for name, key in TOLD_USAGE.items()},
        **({"time_to_first_token": True} if is_stream else {}),
    }


def test_a_whole_answer(recorded: RecordedRecords) -> None:
    request, body = interaction("basic_completion_sync_")
    with FakeGoogle(Reply(body=body)) as server, closing_client(wrap(bare_client(server.url))) as client:
        answer = client.models.generate_content(**asked(request))
    assert answer.text == json.loads(body)["candidates"][0]["content"]["parts"][0]["text"] == TEXT
    assert server.received[0].body == request
    (span,) = recorded.spans
    check(span, request, json.loads(body), is_stream=False)


@pytest.mark.parametrize("seed", range(5))
def test_a_streamed_answer(seed: int, recorded: RecordedRecords) -> None:
    request, body = interaction("basic_completion_stream_")
    chance = random.Random(seed)
    cuts = [chance.randint(1, 60) for _ in range(400)] if seed else ()
    reply = Reply(content_type="text/event-stream", body=body, cuts=cuts)
    with (
        FakeGoogle(reply, reply) as server,
        closing_client(bare_client(server.url)) as bare,
        closing_client(wrap(bare_client(server.url))) as client,
    ):
        expected = list(bare.models.generate_content_stream(**asked(request)))
        chunks = list(client.models.generate_content_stream(**asked(request)))
    assert [chunk.model_dump(exclude={"sdk_http_response"}) for chunk in chunks] == [
        chunk.model_dump(exclude={"sdk_http_response"}) for chunk in expected
    ]
    (span,) = recorded.spans
    last = json.loads(body.strip().rsplit("data: ", 1)[1])
    check(span, request, last, is_stream=True)
