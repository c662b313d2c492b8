"""Operations on batches say ids, status and counts of requests; tokens are not counted once more."""

from typing import Any

import pytest

from fake_openai import FakeOpenAI, whole
from openai_operations import WHOLE, Form, Operation
from span_reading import told
from spanscore.integrations.openai._batches import BATCHES
from spanscore.testing import RecordedRecords

USAGE = {
    "input_tokens": 5,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 12,
}
BATCH: dict[str, Any] = {
    "id": "batch_1",
    "object": "batch",
    "endpoint": "/v1/chat/completions",
    "completion_window": "24h",
    "created_at": 1,
    "input_file_id": "file-1",
    "output_file_id": "file-2",
    "error_file_id": None,
    "status": "completed",
    "request_counts": {"total": 3, "completed": 2, "failed": 1},
    "metadata": {"customer": "secret"},
    "usage": USAGE,
}
TOLD_BATCH = {
    "id": "batch_1",
    "endpoint": "/v1/chat/completions",
    "input_file_id": "file-1",
    "output_file_id": "file-2",
    "status": "completed",
    "request_counts": {"total": 3, "completed": 2, "failed": 1},
}
ASKED = {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
ONE = {"batch_id": "batch_1"}
OPERATIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "create": ({**ASKED, "metadata": {"customer": "secret"}}, ASKED),
    "retrieve": (ONE, ONE),
    "cancel": (ONE, ONE),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE.keys())
async def test_every_form(form: Form, name: str, server: FakeOpenAI, recorded: RecordedRecords) -> None:
    arguments, asked = OPERATIONS[name]
    server.reply(whole(BATCH))
    await form(server.url, Operation(of="batches", name=name, arguments=arguments))
    assert [(span.name, told(span)) for span in recorded.spans] == [
        (
            f"openai.batches.{name}",
            {"input": asked, "output": TOLD_BATCH, "metadata": {"provider": "openai"}, "metrics": None},
        )
    ]


@pytest.mark.parametrize("answer", [None, 5, "x", [], {}, {"id": None, "request_counts": None}])
def test_an_answer_that_says_nothing(answer: Any) -> None:
    assert [endpoint.response(answer).output for endpoint in BATCHES] == [None] * 4
