"""A call owns its span: current while the request runs, ended once, with what was raised."""

import asyncio
import contextvars
import dataclasses
import json
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits

from echo_provider import ECHO, PROVIDER, SERVICE
from span_reading import attribute, told
from spanscore.integrations._call import Call, is_inside_call
from spanscore.integrations._endpoint import Description, Endpoint, Request, Service
from spanscore.integrations._model_run import ModelRun
from spanscore.integrations._span_info import SpanInfo
from spanscore.testing import RecordedRecords, recorded_spans

pytestmark = pytest.mark.core


def call(info: SpanInfo | None = None, text: str = "hi") -> Call:
    return Call(PROVIDER, ECHO, SERVICE, Request(body={"text": text}), info or SpanInfo())


def test_what_was_asked_is_told_at_the_start_and_what_was_answered_at_the_end(
    recorded: RecordedRecords,
) -> None:
    one = call()
    one.respond({"echo": "ho"}, first_token_s=0.5)
    one.end()
    (span,) = recorded.spans
    assert told(span) == {
        "input": "hi",
        "output": "ho",
        "metadata": {"provider": "echo"},
        "metrics": {"tokens": 2, "time_to_first_token": True},
    }
    attributes = span.attributes or {}
    assert (attributes["gen_ai.provider.name"], attributes["server.address"]) == ("echo.ai", "localhost")
    assert "server.port" not in attributes
    assert span.kind is trace.SpanKind.CLIENT


def test_the_name_may_depend_on_the_request_and_the_callers_own_goes_before_it(
    recorded: RecordedRecords,
) -> None:
    named = dataclasses.replace(ECHO, span_name_of=lambda request: f"echo of {request.body['text']}")
    for info in (SpanInfo(), SpanInfo(name="mine")):
        Call(PROVIDER, named, SERVICE, Request(body={"text": "hi"}), info).end()
    assert [span.name for span in recorded.spans] == ["echo of hi", "mine"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), asyncio.CancelledError()])
def test_what_the_request_raises_is_recorded_and_goes_on(
    error: BaseException, recorded: RecordedRecords
) -> None:
    with pytest.raises(type(error)) as raised, call():
        raise error
    assert raised.value is error
    (span,) = recorded.spans
    assert span.status.status_code is trace.StatusCode.ERROR
    assert (span.attributes or {})[
        "error.type"
    ] == f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins.")


def test_the_span_ends_once(recorded: RecordedRecords, caplog: pytest.LogCaptureFixture) -> None:
    one = call()
    one.end()
    one.fail(ValueError("too late"))
    one.end()
    assert [span.status.status_code for span in recorded.spans] == [trace.StatusCode.UNSET]
    assert caplog.records == []


def test_the_context_is_as_before_after_the_request(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    one = call()
    with one:
        assert trace.get_current_span() is one.span
    assert otel_context.get_current() is before
    assert recorded.spans == []
    one.end()


def test_a_request_that_is_given_up_in_another_context_says_nothing(
    recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    one = call()
    one.__enter__()
    contextvars.Context().run(one.__exit__, None, None, None)
    one.__exit__(None, None, None)
    one.end()
    assert caplog.records == []


def test_a_context_that_the_request_leaves_attached_is_taken_back(recorded: RecordedRecords) -> None:
    before = otel_context.get_current()
    one = call()
    with one:
        otel_context.attach(otel_context.set_value("left", "behind"))
    assert otel_context.get_current() is before
    one.end()


def test_what_runs_on_in_the_context_of_a_request_is_inside_until_the_call_is_over(
    recorded: RecordedRecords,
) -> None:
    one = call()
    with one:
        left_running = contextvars.copy_context()
    found = [left_running.run(is_inside_call)]
    one.end()
    found.append(left_running.run(is_inside_call))
    assert (found, is_inside_call()) == ([True, False], False)


def test_what_the_caller_says_about_the_span_is_told(recorded: RecordedRecords) -> None:
    info = SpanInfo(metadata={"provider": "mine", "a": 1}, name="judge", label="Judge", purpose="scorer")
    one = call(info)
    with one:
        call().end()
    one.end()
    inner, outer = recorded.spans
    assert outer.name == "judge"
    assert attribute(outer, "metadata") == {"provider": "echo", "a": 1}
    assert attribute(outer, "span_attributes") == {"type": "llm", "name": "Judge", "purpose": "scorer"}
    assert attribute(inner, "span_attributes") == {"type": "llm", "purpose": "scorer"}


def test_a_limit_of_the_provider_leaves_valid_json() -> None:
    with recorded_spans(limits=SpanLimits(max_attribute_length=200)) as recorded:
        one = call(text="x" * 1000)
        one.respond({"echo": "y" * 1000})
        one.end()
    (span,) = recorded.spans
    assert attribute(span, "input_json").startswith("xx")
    assert attribute(span, "output_json").startswith("yy")


def test_a_model_call_that_a_framework_tells_of_too_is_one_span(recorded: RecordedRecords) -> None:
    run = ModelRun("told by a framework")
    run.announce()
    one = call()
    one.end()
    run.end()
    assert [span.name for span in recorded.spans] == ["Echo"]


def described(**settings: Any) -> ReadableSpan:
    endpoint = Endpoint(
        path="/chat",
        span_name="Chat",
        request=lambda request: Description(
            input=[{"role": "user", "content": "hi"}],
            metadata={"model": "gpt-4o-mini"},
            more={"seed": 1},
            attributes={"gen_ai.operation.name": "chat"},
        ),
        response=lambda response: Description(
            output=[{"message": {"role": "assistant", "content": "ho"}, "finish_reason": "stop"}],
            metadata={"model": "gpt-4o-mini-2024-07-18"},
            more={"created": 5},
            metrics={"prompt_tokens": 1000, "completion_tokens": 100},
        ),
    )
    service = Service(name="openai", gen_ai_name="openai")
    with recorded_spans(**settings) as recorded:
        one = Call(PROVIDER, endpoint, service, Request(body={}), SpanInfo())
        one.respond(None)
        one.end()
    (span,) = recorded.spans
    return span


def test_what_is_not_listed_is_told_only_where_all_is_wanted() -> None:
    listed = {"provider": "openai", "model": "gpt-4o-mini-2024-07-18"}
    assert attribute(described(), "metadata") == listed
    assert attribute(described(capture="all"), "metadata") == {**listed, "seed": 1, "created": 5}


def test_messages_are_in_opentelemetrys_attributes_only_where_that_is_wanted() -> None:
    assert not any("messages" in key for key in described().attributes or {})
    told = described(capture_messages=True).attributes or {}
    assert json.loads(str(told["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "hi"}]}
    ]
    assert json.loads(str(told["gen_ai.output.messages"])) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "ho"}], "finish_reason": "stop"}
    ]


def test_the_cost_is_estimated_only_where_that_is_wanted() -> None:
    pytest.importorskip("genai_prices", reason="prices need the extra cost, which Python 3.10 has none of")
    assert "estimated_cost" not in attribute(described(), "metrics")
    priced = attribute(described(estimate_cost=True), "metrics")
    assert priced["estimated_cost"] == pytest.approx((1000 * 0.15 + 100 * 0.60) / 1e6)
