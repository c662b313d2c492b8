"""Several processors of ours on one provider: no span reaches a destination twice, and none is lost."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

from spanscore._config import Settings
from spanscore.testing import RecordedRecords
from spanscore.tracing import RECORDING, SinkProcessor, Standing, TracerProvider, start_span
from spanscore.tracing._attachment import (
    add_processor,
    flattened,
    is_sdk_disabled,
    provider_processors,
    why_nothing_arrives,
)

pytestmark = pytest.mark.core


class Leading(RecordedRecords):
    """A sink whose destinations are known."""

    def __init__(self, *identities: str) -> None:
        super().__init__()
        self.identities = frozenset(identities)

    @property
    def names(self) -> list[str]:
        return [span.name for span in self.spans]


class Following(Leading):
    """What a processor that leads where the program records is given."""

    def put(self, record: Any) -> None:
        (super() if RECORDING.sink is None else RECORDING.sink).put(record)


def by_hand(sink: RecordedRecords, **standing: Any) -> SinkProcessor:
    accepts: Callable[[ReadableSpan], bool] | None = standing.pop("accepts", None)
    return SinkProcessor(sink, accepts=accepts, standing=Standing(is_by_hand=True, **standing))


Make = Callable[[], sdk_trace.TracerProvider]


def users() -> sdk_trace.TracerProvider:
    return sdk_trace.TracerProvider(resource=Resource({}), shutdown_on_exit=False)


def own() -> sdk_trace.TracerProvider:
    return TracerProvider(resource=Resource({}), shutdown_on_exit=False)


def concurrent() -> sdk_trace.TracerProvider:
    multi = sdk_trace.ConcurrentMultiSpanProcessor(2)
    return sdk_trace.TracerProvider(
        resource=Resource({}), shutdown_on_exit=False, active_span_processor=multi
    )


every_provider = pytest.mark.parametrize("make", [users, own, concurrent])


def end(provider: sdk_trace.TracerProvider, *names: str, scope: str = "theirs") -> None:
    for name in names:
        attributes = {"gen_ai.system": "x"} if name.startswith("ai") else None
        provider.get_tracer(scope).start_span(name, Context(), attributes=attributes).end()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@every_provider
def test_second_one_added_by_hand_is_refused_and_said_once(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    provider, first, second = make(), Leading("a"), Leading("a")
    provider.add_span_processor(by_hand(first))
    end(provider, "before")
    provider.add_span_processor(by_hand(second))
    end(provider, "one", "two")
    assert (first.names, second.names) == (["before", "one", "two"], [])
    (said,) = warnings(caplog)
    assert "more than one SpanscoreSpanProcessor" in said
    assert "allow_second=True" in said


@every_provider
def test_second_one_for_another_account_is_allowed_where_it_says_so(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    provider, first, second = make(), Leading("a"), Leading("b")
    provider.add_span_processor(by_hand(first))
    provider.add_span_processor(by_hand(second, allows_second=True))
    end(provider, "one")
    assert (first.names, second.names) == (["one"], ["one"])
    assert warnings(caplog) == []


@every_provider
def test_one_that_is_added_twice_ships_once(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    provider, sink = make(), Leading("a")
    processor = by_hand(sink)
    provider.add_span_processor(processor)
    provider.add_span_processor(processor)
    end(provider, *map(str, range(500)))
    assert sink.names == list(map(str, range(500)))
    assert len(warnings(caplog)) == 1


def test_one_within_another_processor_of_the_programs_is_found() -> None:
    provider, first, second = users(), Leading("a"), Leading("a")
    multi = sdk_trace.SynchronousMultiSpanProcessor()
    multi.add_span_processor(by_hand(second))
    provider.add_span_processor(by_hand(first))
    provider.add_span_processor(multi)
    end(provider, "one")
    assert (first.names, second.names) == (["one"], [])


@every_provider
@pytest.mark.parametrize("is_hand_first", [True, False])
def test_front_door_finds_the_one_by_hand_that_leads_to_the_same_place(
    make: Make, is_hand_first: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The processor by hand has the word about what is shipped, and it goes where the program records."""
    provider, recorded, unused = make(), Leading("local"), Following("local")
    hand = by_hand(unused, shares=True)
    if is_hand_first:
        provider.add_span_processor(hand)
    RECORDING.switch_on(recorded, Settings(home=Path("unused")), provider=provider)
    if not is_hand_first:
        provider.add_span_processor(hand)
    start_span("ours").end()
    end(provider, "http", "ai")
    assert (recorded.names, unused.names) == (["ours", "http", "ai"], [])
    RECORDING.switch_off()
    end(provider, "later")
    assert unused.names == ["later"]
    assert warnings(caplog) == []


@every_provider
@pytest.mark.parametrize("is_hand_first", [True, False])
def test_one_by_hand_leaves_to_the_front_door_what_that_ships_to_the_same_account(
    make: Make, is_hand_first: bool
) -> None:
    provider, hand, recorded = make(), Leading("braintrust:1"), Leading("local", "braintrust:1")
    if is_hand_first:
        provider.add_span_processor(by_hand(hand))
    RECORDING.switch_on(recorded, Settings(home=Path("unused")), provider=provider)
    if not is_hand_first:
        provider.add_span_processor(by_hand(hand))
    start_span("ours").end()
    end(provider, "http", "ai")
    RECORDING.switch_off()
    if make is own:
        assert (hand.names, recorded.names) == ([], ["ours", "http", "ai"])
    else:
        assert (hand.names, recorded.names) == (["http"], ["ours", "ai"])


def test_front_door_that_leads_nowhere_else_makes_way() -> None:
    provider, hand, recorded = users(), Leading("local", "braintrust:1"), Leading("local")
    provider.add_span_processor(by_hand(hand))
    RECORDING.switch_on(recorded, Settings(home=Path("unused")), provider=provider)
    start_span("ours").end()
    end(provider, "http", "ai")
    RECORDING.switch_off()
    assert (hand.names, recorded.names) == (["ours", "http", "ai"], [])


def test_both_ship_to_destinations_of_their_own() -> None:
    provider, hand, recorded = users(), Leading("braintrust:1"), Leading("local")
    provider.add_span_processor(by_hand(hand))
    RECORDING.switch_on(recorded, Settings(home=Path("unused")), provider=provider)
    start_span("ours").end()
    end(provider, "http")
    RECORDING.switch_off()
    assert (hand.names, recorded.names) == (["ours", "http"], ["ours"])


def test_destinations_shared_in_part_are_said(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is lost; the shared destination shows each span once all the same, by its id."""
    provider, hand, recorded = users(), Leading("a", "b"), Leading("b", "c")
    provider.add_span_processor(by_hand(hand))
    RECORDING.switch_on(recorded, Settings(home=Path("unused")), provider=provider)
    start_span("ours").end()
    RECORDING.switch_off()
    assert (hand.names, recorded.names) == (["ours"], ["ours"])
    assert ["share only some" in said for said in warnings(caplog)] == [True]


def test_switching_recording_on_again_decides_anew() -> None:
    provider, hand = users(), Leading("braintrust:1")
    provider.add_span_processor(by_hand(hand))
    sinks = [Leading("local"), Leading("braintrust:1", "local"), Leading("braintrust:1")]
    for number, sink in enumerate(sinks):
        RECORDING.switch_on(sink, Settings(home=Path("unused")), provider=provider)
        start_span(str(number)).end()
    RECORDING.switch_off()
    assert (hand.names, [sink.names for sink in sinks]) == (["0", "2"], [["0"], ["1"], []])


def test_one_added_while_a_span_is_open_ships_it() -> None:
    provider, sink = users(), Leading("a")
    span = provider.get_tracer("theirs").start_span("open before")
    provider.add_span_processor(by_hand(sink))
    span.end()
    assert sink.names == ["open before"]


def test_second_one_added_while_a_span_is_open_is_refused() -> None:
    provider, first, second = users(), Leading("a"), Leading("a")
    trace.set_tracer_provider(provider)
    provider.add_span_processor(by_hand(first))
    span = provider.get_tracer("theirs").start_span("open before")
    provider.add_span_processor(by_hand(second))
    span.end()
    assert (first.names, second.names) == (["open before"], [])


def test_processors_of_two_providers_have_nothing_to_do_with_each_other() -> None:
    (one, first), (two, second) = (users(), Leading("a")), (users(), Leading("a"))
    one.add_span_processor(by_hand(first))
    two.add_span_processor(by_hand(second))
    for _ in range(2):
        end(one, "one")
        end(two, "two")
    assert (first.names, second.names) == (["one", "one"], ["two", "two"])


def test_provider_that_takes_no_processor_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert not add_processor(trace.NoOpTracerProvider(), by_hand(Leading()))
    assert not add_processor(trace.get_tracer_provider(), by_hand(Leading()))
    first, second = warnings(caplog)
    assert "NoOpTracerProvider" in first
    assert "no tracer provider is set" in second
    assert "no span will reach spanscore" in second


def test_disabled_sdk_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_sdk_disabled()
    assert why_nothing_arrives(users()) is None
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert is_sdk_disabled()
    assert "OTEL_SDK_DISABLED" in str(why_nothing_arrives(users()))


def test_processors_of_a_provider_are_found_whatever_holds_them() -> None:
    provider, inner = users(), sdk_trace.SynchronousMultiSpanProcessor()
    processor = by_hand(Leading())
    inner.add_span_processor(processor)
    provider.add_span_processor(inner)
    assert list(flattened(provider_processors(provider))) == [inner, processor]
    assert provider_processors(object()) == ()
