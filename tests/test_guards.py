"""Each guard holds: what fails behind it is counted, and nothing of it reaches the program.

`tools/guards.py` removes them one by one and runs this file, among others.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, TraceFlags, set_span_in_context

from failing_provider import FailingProvider, FailingSpan, FailingTracer
from spanscore import Span, extract_trace_context, parent_context, start_span, traced
from spanscore._config import Settings
from spanscore.evals._spans import Step
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import RECORDING, SinkProcessor, guard

# Not of the core tests: how much of the stack a guard is left with differs between interpreters.


class TheirsError(RuntimeError):
    """What the program's own things raise."""


def fail(*_args: Any, **_kwargs: Any) -> Any:
    raise TheirsError


@pytest.fixture(autouse=True)
def _as_for_users() -> None:
    guard.reraise = False
    guard.drain()


@pytest.fixture
def records() -> Iterator[RecordedRecords]:
    with recorded_spans() as recorded:
        yield recorded


def failing_span(*failing: str) -> FailingSpan:
    span = FailingTracer(FailingProvider(*failing)).start_span("theirs")
    assert isinstance(span, FailingSpan)
    return span


@traced
def numbers() -> Iterator[int]:
    yield 1


def place() -> int:
    with parent_context("project_name:p"):
        return 1


def inject() -> Any:
    return start_span("s").inject()


def export() -> Any:
    return start_span("s").export()


@pytest.mark.parametrize(
    ("what", "call"),
    [
        ("opening the span of a traced call", numbers),
        ("parent_context", place),
        ("Span.inject", inject),
        ("Span.export", export),
    ],
)
def test_little_that_is_left_of_the_stack(
    what: str, call: Callable[[], Any], records: RecordedRecords
) -> None:
    def descend(depth: int) -> Any:
        return call() if depth == 0 else descend(depth - 1)

    caught: set[str] = set()
    limit = sys.getrecursionlimit()
    for depth in range(limit - 200, limit):
        # The program's own call may not fit any more.
        with suppress(RecursionError):
            descend(depth)
        caught |= set(guard.drain())
    assert what in caught


def test_name_of_a_span_that_fails() -> None:
    class Nameless(FailingSpan):
        @property
        def name(self) -> str:
            raise TheirsError

        @name.setter
        def name(self, name: str) -> None:
            pass

    assert Span(Nameless(FailingProvider(), "n", None)).name == ""
    assert guard.drain() == {"reading a span": 1}


class Carrier(dict[str, Any]):
    __setitem__ = __iter__ = items = keys = get = update = fail


def test_carrier_that_takes_nothing(records: RecordedRecords) -> None:
    carrier = Carrier()
    with start_span("s") as span:
        assert span.inject(carrier) is carrier
    assert guard.drain() == {"writing the trace context of a request": 1}


def test_headers_that_cannot_be_read() -> None:
    assert extract_trace_context(Carrier(a="b")) is None
    assert guard.drain() == {"extract_trace_context": 1}


def test_parent_that_cannot_be_read() -> None:
    with parent_context(Span(failing_span("attributes"))):
        assert trace.get_current_span() is not None
    assert set(guard.drain()) <= {"parent_context", "reading a span"} != set()


def test_error_of_a_task_that_cannot_be_recorded() -> None:
    provider = FailingProvider("set_status")
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    step = Step(FailingTracer(provider).start_span("task"), Context())
    with step:
        raise TheirsError
    RECORDING.switch_off()
    assert isinstance(step.error, TheirsError)
    assert guard.drain() == {"recording the error of a task or scorer": 1}


def provider_with(*processors: Any) -> sdk_trace.TracerProvider:
    provider = sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)
    for processor in processors:
        provider.add_span_processor(processor)
    return provider


def test_span_below_one_that_fails_is_started_and_shipped() -> None:
    records = RecordedRecords()
    provider = provider_with(SinkProcessor(records))
    context = set_span_in_context(failing_span("attributes"), Context())
    provider.get_tracer("theirs").start_span("s", context).end()
    assert [span.name for span in records.spans] == ["s"]
    assert guard.drain() == {"placing a span that starts": 1}


def test_span_that_cannot_be_read_at_its_end() -> None:
    class Unreadable(ReadableSpan):
        @property
        def events(self) -> Any:
            raise TheirsError

    records = RecordedRecords()
    context = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))
    SinkProcessor(records).on_end(Unreadable("s", context, resource=Resource({})))
    assert records.spans == []
    assert guard.drain() == {"taking a finished span": 1}


def test_processor_beside_ours_that_cannot_be_looked_into() -> None:
    class Closed(sdk_trace.SpanProcessor):
        _span_processors = property(fail)

    records = RecordedRecords()
    provider_with(SinkProcessor(records), Closed()).get_tracer("theirs").start_span("s").end()
    assert [span.name for span in records.spans] == ["s"]
    assert guard.drain() == {"looking for other processors of ours": 1}


def test_thread_that_cannot_be_given_a_context(records: RecordedRecords) -> None:
    class Sealed(threading.Thread):
        ran = False

        @property
        def run(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride] - it takes no other
            return self._work

        def _work(self) -> None:
            Sealed.ran = True

    with start_span("s"):
        thread = Sealed()
        thread.start()
        thread.join()
    assert Sealed.ran
    assert guard.drain() == {"carrying the current span into a thread": 1}


def test_every_guard_has_a_text_of_its_own_place() -> None:
    """A failure of a provider's is counted under the name of what failed in here."""
    provider = FailingProvider("end")
    RECORDING.switch_on(RecordedRecords(), Settings(home=Path("unused")), provider=provider)
    start_span("s").end()
    traced(lambda: None)()
    RECORDING.switch_off()
    assert guard.drain() == {"Span.end": 1, "ending the span of a traced call": 1}
