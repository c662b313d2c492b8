"""A model call is one span: the framework's, or its provider's client's where that is recorded."""

import asyncio
import contextvars
import json

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from span_reading import attribute, told
from spanscore import start_span
from spanscore.integrations._endpoint import Description
from spanscore.integrations._model_run import ModelRun, recorded_by_client
from spanscore.integrations._run import Run
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.core

ASKED = Description(input="hi", metadata={"model": "m"}, attributes={"gen_ai.provider.name": "p"})
ANSWER = Description(output="ho", metadata={"model": "m-1"}, metrics={"tokens": 3})


def only(recorded: RecordedRecords) -> ReadableSpan:
    (span,) = recorded.spans
    return span


def announced(name: str = "chat", *, above: Run | None = None) -> ModelRun:
    run = ModelRun(name, above=above, asked=ASKED)
    run.announce()
    return run


def test_it_becomes_a_span_when_it_ends(recorded: RecordedRecords) -> None:
    with start_span("outer"):
        run = announced()
    assert [span.name for span in recorded.spans] == ["outer"]
    run.end(ANSWER)
    outer, span = recorded.spans
    assert told(span) == {
        "input": "hi",
        "output": "ho",
        "metadata": {"model": "m-1"},
        "metrics": {"tokens": 3},
    }
    assert attribute(span, "span_attributes") == {"type": "llm"}
    assert (span.attributes or {})["gen_ai.provider.name"] == "p"
    assert span.kind is SpanKind.CLIENT
    assert span.parent is not None
    assert outer.context is not None
    assert span.parent.span_id == outer.context.span_id
    assert (outer.start_time or 0) <= (span.start_time or 0) <= (outer.end_time or 0) <= (span.end_time or 0)


def test_the_first_token_is_timed(recorded: RecordedRecords) -> None:
    run = announced()
    run.token()
    run.token()
    run.end(ANSWER)
    assert told(only(recorded))["metrics"] == {"tokens": 3, "time_to_first_token": True}


def test_it_ends_once(recorded: RecordedRecords) -> None:
    run = announced()
    run.end(error="no luck")
    run.end(ANSWER)
    assert only(recorded).status.status_code is StatusCode.ERROR
    assert only(recorded).status.description == "no luck"


def test_the_span_is_left_to_a_client_that_is_recorded(recorded: RecordedRecords) -> None:
    agent = Run("agent", span_type="task", sums_up=True)
    run = announced(above=agent)
    recorded_by_client()
    run.end(ANSWER)
    agent.end()
    assert attribute(only(recorded), "metrics") == {"tokens": 3}


def test_each_of_several_is_left_to_a_call_of_its_own(recorded: RecordedRecords) -> None:
    runs = [announced(name) for name in "abc"]
    recorded_by_client()
    recorded_by_client()
    for run in runs:
        run.end(ANSWER)
    assert [span.name for span in recorded.spans] == ["c"]


def test_what_the_program_calls_while_it_reads_is_not_the_call(recorded: RecordedRecords) -> None:
    run = announced()
    run.token()
    recorded_by_client()
    run.end(ANSWER)
    recorded_by_client()
    assert only(recorded).name == "chat"


def test_another_context_knows_nothing_of_it(recorded: RecordedRecords) -> None:
    run = announced()
    contextvars.Context().run(recorded_by_client)
    run.end(ANSWER)
    assert only(recorded).name == "chat"


async def test_the_call_may_be_made_by_a_task_that_is_begun_for_it(recorded: RecordedRecords) -> None:
    run = announced()
    await asyncio.create_task(asyncio.to_thread(recorded_by_client))
    run.end(ANSWER)
    assert recorded.spans == []


def test_all_is_told_where_it_is_wanted() -> None:
    with recorded_spans(capture="all") as recorded:
        ModelRun("chat", asked=Description(more={"seed": 1})).end(Description(more={"id": "x"}))
    assert attribute(only(recorded), "metadata") == {"seed": 1, "id": "x"}


def test_one_that_is_not_sampled_says_nothing() -> None:
    with recorded_spans(sampler=ALWAYS_OFF) as recorded:
        announced().end(ANSWER, error=ValueError("no"))
    assert recorded.spans == []


def test_an_answer_may_report_a_failure(recorded: RecordedRecords) -> None:
    announced().end(Description(error="server_error: sorry"))
    status = only(recorded).status
    assert (status.status_code, status.description) == (StatusCode.ERROR, "server_error: sorry")


def test_messages_are_told_in_opentelemetrys_words_where_that_is_wanted() -> None:
    said = [{"role": "user", "content": "hi"}]
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ho"}}
    with recorded_spans(capture_messages=True) as recorded:
        for operation in ("chat", "embeddings"):
            asked = Description(input=said, attributes={"gen_ai.operation.name": operation})
            ModelRun("chat", asked=asked).end(Description(output=[choice]))
    chat, embeddings = (span.attributes or {} for span in recorded.spans)
    assert json.loads(str(chat["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "hi"}]}
    ]
    assert json.loads(str(chat["gen_ai.output.messages"])) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "ho"}], "finish_reason": "stop"}
    ]
    assert "gen_ai.input.messages" not in embeddings


def test_the_price_is_told_where_it_is_wanted() -> None:
    pytest.importorskip("genai_prices")
    asked = Description(metadata={"provider": "openai", "model": "gpt-4o-mini"})
    with recorded_spans(estimate_cost=True) as recorded:
        ModelRun("chat", asked=asked).end(Description(metrics={"prompt_tokens": 1_000_000}))
    metrics = attribute(only(recorded), "metrics")
    assert metrics.pop("estimated_cost") > 0
    assert metrics == {"prompt_tokens": 1_000_000}
