"""Batches are told by ids and figures; what they ask and answer is not."""

from typing import Any

import pytest

from anthropic_forms import ASKED, client_of, ours
from fake_anthropic import FakeAnthropic, whole
from span_reading import attribute, told
from spanscore.testing import RecordedRecords

COUNTS = {"processing": 2, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
BATCH: dict[str, Any] = {
    "id": "msgbatch_1",
    "type": "message_batch",
    "processing_status": "in_progress",
    "request_counts": COUNTS,
    "created_at": "2024-08-20T18:37:24.100435Z",
    "expires_at": "2024-08-21T18:37:24.100435Z",
    "results_url": None,
}
TOLD = {name: BATCH[name] for name in ("id", "type", "processing_status", "request_counts")}
REQUESTS: Any = [{"custom_id": "a", "params": ASKED}, {"custom_id": "b", "params": ASKED}]
OPERATIONS: dict[str, tuple[Any, dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "create": (lambda batches: batches.create(requests=REQUESTS), BATCH, {"requests": 2}, TOLD),
    "retrieve": (lambda batches: batches.retrieve("msgbatch_1"), BATCH, {"id": "msgbatch_1"}, TOLD),
    "cancel": (lambda batches: batches.cancel("msgbatch_1"), BATCH, {"id": "msgbatch_1"}, TOLD),
    "delete": (
        lambda batches: batches.delete("msgbatch_1"),
        {"id": "msgbatch_1", "type": "message_batch_deleted"},
        {"id": "msgbatch_1"},
        {"id": "msgbatch_1", "type": "message_batch_deleted"},
    ),
}


@pytest.mark.parametrize("is_beta", [False, True])
@pytest.mark.parametrize("verb", OPERATIONS)
def test_operation(verb: str, is_beta: bool, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    operate, answer, asked, answered = OPERATIONS[verb]
    server.reply(whole(answer))
    with client_of(server.url) as client:
        messages = (client.beta if is_beta else client).messages
        if not hasattr(getattr(messages, "batches", None), verb):
            pytest.skip("this version has no such method")
        operate(messages.batches)
    (span,) = recorded.spans
    assert span.name == f"anthropic.messages.batches.{verb}"
    assert attribute(span, "span_attributes") == {"type": "function"}
    assert told(span) == {
        "input": asked,
        "output": answered,
        "metadata": {"provider": "anthropic"},
        "metrics": None,
    }
    assert "gen_ai.operation.name" not in (span.attributes or {})


def test_listing_batches_passes_through(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    server.reply(whole({"data": [BATCH], "has_more": False, "first_id": None, "last_id": None}))
    with client_of(server.url) as client:
        assert [batch.id for batch in client.beta.messages.batches.list()] == ["msgbatch_1"]
    assert ours(recorded.spans) == []


def test_results_pass_through(server: FakeAnthropic, recorded: RecordedRecords) -> None:
    done = {**BATCH, "results_url": f"{server.url}/v1/messages/batches/msgbatch_1/results"}
    server.reply(whole(done), whole({"custom_id": "a", "result": {"type": "canceled"}}))
    with client_of(server.url) as client:
        assert [one.custom_id for one in client.beta.messages.batches.results("msgbatch_1")] == ["a"]
    assert [span.name for span in ours(recorded.spans)] == ["anthropic.messages.batches.retrieve"]


@pytest.mark.parametrize("answer", [None, 5, [], {"id": None}])
def test_an_answer_of_another_shape_does_no_harm(
    answer: Any, server: FakeAnthropic, recorded: RecordedRecords
) -> None:
    server.reply(whole(answer))
    with client_of(server.url) as client:
        client.beta.messages.batches.retrieve("msgbatch_1")
    assert attribute(recorded.spans[0], "output_json") is None
