"""The current span in threads, and the switch."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opentelemetry import trace

from spanscore._config import Settings
from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import RECORDING, TracerProvider, current_span, start_span

pytestmark = pytest.mark.core


def test_switch_off_leaves_threads_alone() -> None:
    start, submit = threading.Thread.start, ThreadPoolExecutor.submit
    settings = Settings(home=Path("unused"), propagate_threads=False)
    RECORDING.switch_on(RecordedRecords(), settings, provider=TracerProvider(shutdown_on_exit=False))
    seen: list[str] = []
    with start_span("outer"):
        thread = threading.Thread(target=lambda: seen.append(current_span().name))
        thread.start()
        thread.join()
    RECORDING.switch_off()
    assert seen == [""]
    assert (threading.Thread.start, ThreadPoolExecutor.submit) == (start, submit)


def test_what_was_replaced_is_put_back() -> None:
    start, submit = threading.Thread.start, ThreadPoolExecutor.submit
    with recorded_spans():
        assert threading.Thread.start is not start
    assert (threading.Thread.start, ThreadPoolExecutor.submit) == (start, submit)


def test_pool_thread_does_not_keep_the_span_of_an_earlier_task() -> None:
    with recorded_spans(), ThreadPoolExecutor(1) as pool:
        with start_span("outer"):
            assert pool.submit(lambda: current_span().name).result() == "outer"
        assert pool.submit(trace.get_current_span).result() is trace.INVALID_SPAN


def test_exceptions_and_results_pass_unchanged() -> None:
    error = ValueError("x")

    def fail() -> None:
        raise error

    with recorded_spans(), start_span("outer"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(divmod, 7, 2).result() == (3, 1)
        assert pool.submit(fail).exception() is error
