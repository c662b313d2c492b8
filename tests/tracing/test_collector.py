import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk import trace as sdk_trace

from forked import exit_status, held
from spanscore import start_span, traced
from spanscore.testing import recorded_spans
from spanscore.tracing import COLLECTOR, Collected, SinkProcessor, tracer
from spanscore.tracing import _collector as module

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _nobody_asks_afterwards() -> Iterator[None]:
    yield
    assert SinkProcessor.also_told is None


def names(collected: Collected) -> list[str]:
    return [span.name for span in collected.spans()]


def test_spans_of_the_trace_that_have_ended_at_once() -> None:
    with recorded_spans(), start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as collected:
        with start_span("outer"):
            start_span("inner").end()
            assert names(collected) == ["inner"]
        assert names(collected) == ["inner", "outer"]


def test_other_traces_are_not_collected() -> None:
    with recorded_spans() as recorded:
        other = tracer().start_span("other")
        with start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as collected:
            other.end()
            assert names(collected) == []
    assert [span.name for span in recorded.spans] == ["other", "root"]


def test_several_ask_for_one_trace_and_several_traces_are_asked_for() -> None:
    with recorded_spans(), start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as first:
        start_span("a").end()
        with COLLECTOR.collecting(root.root_span_id) as second, COLLECTOR.collecting("1" * 32) as third:
            start_span("b").end()
            assert (names(first), names(second), names(third)) == (["a", "b"], ["b"], [])
        start_span("c").end()
        assert (names(first), names(second)) == (["a", "b", "c"], [])


def test_nobody_is_told_outside() -> None:
    assert SinkProcessor.also_told is None
    with recorded_spans(), start_span("root") as root:
        with COLLECTOR.collecting(root.root_span_id) as collected:
            assert SinkProcessor.also_told is not None
        start_span("late").end()
        assert (SinkProcessor.also_told, names(collected)) == (None, [])


def test_an_error_inside_ends_it_too() -> None:
    with pytest.raises(ValueError, match="theirs"), COLLECTOR.collecting("1" * 32):
        raise ValueError("theirs")


def test_a_program_with_a_provider_of_its_own() -> None:
    provider: Any = sdk_trace.TracerProvider(shutdown_on_exit=False)
    trace.set_tracer_provider(provider)

    @traced
    def answer() -> int:
        with provider.get_tracer("theirs").start_as_current_span("chat") as span:
            span.set_attribute("gen_ai.operation.name", "chat")
        return 4

    recording = recorded_spans(provider=provider)
    with recording, start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as collected:
        answer()
        assert names(collected) == ["chat", "answer"]


def test_a_span_that_two_processors_ship_is_there_once() -> None:
    provider: Any = sdk_trace.TracerProvider(shutdown_on_exit=False)
    with recorded_spans(provider=provider) as recorded:
        second = SinkProcessor(recorded)
        second.standing.is_by_hand = second.standing.allows_second = True
        provider.add_span_processor(second)
        with start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as collected:
            start_span("a").end()
            assert names(collected) == ["a"]


def test_what_is_too_much_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SPANS", 3)
    with recorded_spans(), start_span("root") as root, COLLECTOR.collecting(root.root_span_id) as collected:
        for number in range(5):
            start_span(str(number)).end()
        assert (names(collected), collected.left_out) == (["0", "1", "2"], 2)


def test_threads_end_spans_of_many_traces_while_others_begin_to_ask() -> None:
    found: dict[int, list[str]] = {}

    def case(number: int) -> None:
        root = tracer().start_span("root")
        trace_id = f"{root.get_span_context().trace_id:032x}"
        with COLLECTOR.collecting(trace_id) as collected:
            for step in range(20):
                tracer().start_span(f"{number}.{step}", trace.set_span_in_context(root)).end()
            found[number] = names(collected)
        root.end()

    with recorded_spans():
        threads = [threading.Thread(target=case, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {number: [f"{number}.{step}" for step in range(20)] for number in range(8)}


def test_spans_are_let_go_at_the_end() -> None:
    with recorded_spans(), start_span("root") as root:
        with COLLECTOR.collecting(root.root_span_id) as collected:
            start_span("a").end()
            assert names(collected) == ["a"]
        assert names(collected) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_a_forked_child_can_collect() -> None:
    def in_child() -> None:
        with (
            recorded_spans(),
            start_span("root") as root,
            COLLECTOR.collecting(root.root_span_id) as collected,
        ):
            start_span("a").end()
            assert names(collected) == ["a"]

    with held(COLLECTOR._lock):
        assert exit_status(in_child) == 0
