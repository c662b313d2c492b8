"""An exporter object of the user's as destination."""

import os
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from finished_spans import finished
from spanscore._json import JsonText
from spanscore.delivery._exporter import ExporterDestination
from spanscore.errors import RetryLaterError
from spanscore.wire.records import RowUpdate
from spanscore.wire.seams import Receipt

pytestmark = pytest.mark.core

UPDATE = RowUpdate(parent="project_name:p", trace_id=1, span_id=1, fields={"output": JsonText("1")})


class Scripted(SpanExporter):
    def __init__(self, result: SpanExportResult | Exception | None, error: Exception | None = None) -> None:
        self.result = result
        self.error = error
        self.calls: list[str] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.calls.append(f"export {len(spans)}")
        if isinstance(self.result, Exception):
            raise self.result
        return self.result  # pyright: ignore[reportReturnType] - many exporters return nothing

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        self.calls.append(f"flush {timeout_millis}")
        if self.error:
            raise self.error
        return True

    def shutdown(self) -> None:
        self.calls.append("shutdown")
        if self.error:
            raise self.error


def test_spans_are_handed_over_and_updates_are_unsupported() -> None:
    exporter = InMemorySpanExporter()
    span = finished(name="a")
    assert ExporterDestination(exporter).deliver([UPDATE, span]) == Receipt(unsupported=1)
    assert exporter.get_finished_spans() == (span,)


def test_updates_alone_call_nothing() -> None:
    exporter = Scripted(SpanExportResult.SUCCESS)
    assert ExporterDestination(exporter).deliver([UPDATE]) == Receipt(unsupported=1)
    assert exporter.calls == []


def test_an_exporter_that_returns_nothing_has_succeeded() -> None:
    assert ExporterDestination(Scripted(None)).deliver([finished()]) == Receipt()


@pytest.mark.parametrize("result", [SpanExportResult.FAILURE, ValueError("no"), OSError("down")], ids=str)
def test_failure_and_exceptions_are_tried_again_later(result: SpanExportResult | Exception) -> None:
    exporter = Scripted(result)
    with pytest.raises(RetryLaterError, match=r"Scripted\.export (raised .*Error: |says that it failed)"):
        ExporterDestination(exporter).deliver([finished(), finished()])
    assert exporter.calls == ["export 2"]


def test_identity_is_that_of_one_object_in_one_process() -> None:
    exporter = InMemorySpanExporter()
    first, second = ExporterDestination(exporter), ExporterDestination(exporter, "mine")
    assert first.identity.startswith("exporter:InMemorySpanExporter#")
    assert second.identity.startswith("exporter:mine#")
    assert first.identity == first.identity
    assert first.identity.partition("#")[2] != second.identity.partition("#")[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_another_identity() -> None:
    made = ExporterDestination(InMemorySpanExporter())
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, made.identity.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    told = os.read(reader, 1000).decode()
    os.close(reader)
    assert told.startswith("exporter:InMemorySpanExporter#")
    assert told != made.identity


def test_close_flushes_briefly_and_leaves_the_exporter_to_the_program() -> None:
    exporter = Scripted(SpanExportResult.SUCCESS)
    made = ExporterDestination(exporter)
    made.close()
    assert exporter.calls == ["flush 1000"]


def test_an_exporter_that_fails_while_closing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    exporter = Scripted(SpanExportResult.SUCCESS, error=ValueError("no"))
    ExporterDestination(exporter).close()
    assert exporter.calls == ["flush 1000"]
    assert [record.getMessage() for record in caplog.records] == [
        "Scripted failed while it was closed: ValueError: no"
    ]


def test_two_that_hand_spans_to_one_exporter_take_turns() -> None:
    inside, met = threading.Event(), threading.Event()

    class Slow(InMemorySpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            if inside.is_set():
                met.set()
            inside.set()
            # So long as it takes the other to come in, if it could.
            met.wait(0.3)
            inside.clear()
            return super().export(spans)

    exporter = Slow()
    threads = [
        threading.Thread(target=ExporterDestination(exporter).deliver, args=([finished(span_id=number)],))
        for number in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not met.is_set()
    assert len(exporter.get_finished_spans()) == 2
