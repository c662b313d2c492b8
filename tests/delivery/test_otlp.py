"""Any OTLP/HTTP backend as destination, over a real socket."""

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import context as otel_context
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from finished_spans import finished
from http_sink import Answer, HttpSink
from spanscore._json import JsonText
from spanscore.delivery._otlp import OtlpDestination
from spanscore.errors import ConfigError, RetryLaterError, UnauthorizedError
from spanscore.tracing._unwatched import unwatched
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core

KEY = "otlp-key-never-to-be-seen"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_EXPORTER_OTLP_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as each:
        yield each


def destination(sink: HttpSink) -> OtlpDestination:
    return OtlpDestination(f"{sink.url}/v1/traces", {"X-Key": KEY})


def update() -> RowUpdate:
    return RowUpdate(parent="project_name:p", trace_id=1, span_id=1, fields={"output": JsonText("1")})


def test_spans_are_posted_with_the_headers_and_the_content_type(sink: HttpSink) -> None:
    assert destination(sink).deliver([finished(name="a"), finished(name="b")]) == Receipt()
    request = sink.requests[0]
    sent = ExportTraceServiceRequest.FromString(request.body)
    assert [span.name for span in sent.resource_spans[0].scope_spans[0].spans] == ["a", "b"]
    assert (request.path, request.headers["x-key"]) == ("/v1/traces", KEY)
    assert request.headers["content-type"] == "application/x-protobuf"
    assert "content-encoding" not in request.headers


def test_the_environment_configures_it_and_headers_given_win(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "a=environment,b=environment")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    made = OtlpDestination(headers={"A": "given"})
    made.deliver([finished(name="packed")])
    request = sink.requests[0]
    assert made.identity == f"otlp:{sink.url}/v1/traces"
    assert (request.headers["a"], request.headers["b"]) == ("given", "environment")
    assert request.headers["content-encoding"] == "gzip"
    assert b"packed" in request.content


def test_updates_of_rows_are_unsupported_and_not_sent(sink: HttpSink) -> None:
    assert destination(sink).deliver([update(), finished(), update()]) == Receipt(unsupported=2)
    assert destination(sink).deliver([update()]) == Receipt(unsupported=1)
    assert len(sink.requests) == 1


def test_partial_success_is_in_the_receipt(sink: HttpSink) -> None:
    told = ExportTracePartialSuccess(rejected_spans=2, error_message="too old")
    body = ExportTraceServiceResponse(partial_success=told).SerializeToString()
    sink.script.append(Answer(body=body))
    records = [finished(), finished(), finished(), update()]
    assert destination(sink).deliver(records) == Receipt(rejected=2, unsupported=1, message="too old")


def test_an_answer_that_is_no_response_is_a_success(sink: HttpSink) -> None:
    sink.script.append(Answer(status=202, body=b"OK, thanks"))
    assert destination(sink).deliver([finished()]) == Receipt()


def test_nothing_is_tried_twice_and_close_may_be_called_any_time(sink: HttpSink) -> None:
    sink.script.append(Answer(status=503, headers={"Retry-After": "120"}))
    made = destination(sink)
    made.close()
    with pytest.raises(RetryLaterError) as caught:
        made.deliver([finished()])
    assert (caught.value.after_s, len(sink.requests)) == (120, 1)
    made.close()
    assert made.deliver([finished()]) == Receipt()


def test_identity_is_the_address() -> None:
    assert OtlpDestination("http://host:4318/v1/traces").identity == "otlp:http://host:4318/v1/traces"
    assert OtlpDestination().identity == "otlp:http://localhost:4318/v1/traces"


def test_identity_tells_credentials_in_the_address_apart_without_having_them() -> None:
    one = OtlpDestination("https://user:hunter22@host/v1").identity
    two = OtlpDestination("https://user:hunter33@host/v1").identity
    assert one.startswith("otlp:https://host/v1#")
    assert one != two
    assert "hunter" not in one


def test_the_key_is_in_no_message_repr_or_log(sink: HttpSink, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sink.script.append(Answer(status=401, body=f"{KEY} is unknown".encode()))
    made = destination(sink)
    with pytest.raises(UnauthorizedError) as caught:
        made.deliver([finished()])
    assert KEY not in str(caught.value) + repr(made) + made.identity + caplog.text


def test_a_variable_that_cannot_be_used_is_a_config_error(monkeypatch: pytest.MonkeyPatch) -> None:
    # The credential provider is the one variable whose bad value every version refuses.
    monkeypatch.setattr("spanscore.delivery._otlp_settings.OTLPSpanExporter", _refuse)
    with pytest.raises(ConfigError, match="OTEL_EXPORTER_OTLP_"):
        OtlpDestination()


def _refuse(**_arguments: Any) -> None:
    raise ValueError("bad")


def test_the_users_instrumentations_see_nothing_of_it(sink: HttpSink) -> None:
    requests = pytest.importorskip("opentelemetry.instrumentation.requests")
    urllib3 = pytest.importorskip("opentelemetry.instrumentation.urllib3")
    seen = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(seen))
    instrumentors = requests.RequestsInstrumentor(), urllib3.URLLib3Instrumentor()
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    try:
        made = destination(sink)
        made.deliver([finished()])
        watched = len(seen.get_finished_spans())
        token = otel_context.attach(unwatched())
        made.deliver([finished()])
        otel_context.detach(token)
    finally:
        for instrumentor in instrumentors:
            instrumentor.uninstrument()
    assert (watched > 0, len(seen.get_finished_spans())) == (True, watched)
    assert len(sink.requests) == 2
