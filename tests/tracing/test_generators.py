"""Traced generators: whose parent is whose, and when the span ends."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import start_span, traced

pytestmark = pytest.mark.core


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as records:
        yield records


def parents(records: RecordedRecords) -> list[tuple[str, str | None]]:
    contexts: list[Any] = [span.get_span_context() for span in records.spans]
    names = {context.span_id: span.name for context, span in zip(contexts, records.spans, strict=True)}
    return [(span.name, names.get(span.parent.span_id) if span.parent else None) for span in records.spans]


def output(records: RecordedRecords, name: str) -> Any:
    (span,) = [span for span in records.spans if span.name == name]
    return json.loads(str((span.attributes or {})["braintrust.output_json"]))


@traced
def letters() -> Generator[str, str | None, str]:
    with start_span("inside"):
        pass
    got = yield "a"
    with start_span(f"inside after {got}"):
        pass
    try:
        yield "b"
    except KeyError:
        yield "caught"
    return "returned"


@traced
async def letters_async() -> AsyncIterator[str]:
    for letter in "abc":
        with start_span(f"inside {letter}"):
            await asyncio.sleep(0)
        yield letter


def test_consumers_spans_between_yields_keep_their_parent(recorded: RecordedRecords) -> None:
    with start_span("consumer"):
        generator = letters()
        assert next(generator) == "a"
        with start_span("between"):
            pass
        assert generator.send("word") == "b"
        assert generator.throw(KeyError()) == "caught"
        with pytest.raises(StopIteration) as end:
            next(generator)
    assert end.value.value == "returned"
    assert parents(recorded) == [
        ("inside", "letters"),
        ("between", "consumer"),
        ("inside after word", "letters"),
        ("letters", "consumer"),
        ("consumer", None),
    ]
    assert output(recorded, "letters") == ["a", "b", "caught"]


def test_breaking_off_ends_the_span(recorded: RecordedRecords, caplog: pytest.LogCaptureFixture) -> None:
    for _ in letters():
        break
    gc.collect()
    assert output(recorded, "letters") == ["a"]
    assert recorded.spans[-1].status.status_code is StatusCode.UNSET
    assert caplog.records == []


def test_span_open_across_a_yield_stays_the_generators_own(recorded: RecordedRecords) -> None:
    @traced
    def holds() -> Iterator[int]:
        with start_span("held"):
            yield 1
            with start_span("below held"):
                pass
            yield 2

    with start_span("consumer"):
        for number in holds():
            with start_span(f"consumed {number}"):
                pass
    assert parents(recorded) == [
        ("consumed 1", "consumer"),
        ("below held", "held"),
        ("consumed 2", "consumer"),
        ("held", "holds"),
        ("holds", "consumer"),
        ("consumer", None),
    ]


def test_error_in_a_generator_is_recorded_with_what_it_gave(recorded: RecordedRecords) -> None:
    error = ValueError("dry")

    @traced
    def fails() -> Iterator[int]:
        yield 1
        raise error

    with pytest.raises(ValueError, match="dry") as caught:
        list(fails())
    assert caught.value is error
    assert output(recorded, "fails") == [1]
    assert recorded.spans[0].status.description == "ValueError: dry"


def test_generator_that_is_never_stepped_records_nothing(recorded: RecordedRecords) -> None:
    letters()
    gc.collect()
    assert recorded.spans == []


def test_output_is_bounded_by_number_of_items(recorded: RecordedRecords) -> None:
    @traced
    def many() -> Iterator[int]:
        yield from range(1500)

    assert sum(many()) == 1124250
    assert output(recorded, "many") == list(range(1000))


async def test_async_generator_may_be_stepped_from_other_tasks(
    recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    generator = letters_async()
    given = [await asyncio.create_task(generator.__anext__()) for _ in range(3)]  # type: ignore[arg-type]
    with pytest.raises(StopAsyncIteration):
        await asyncio.create_task(generator.__anext__())  # type: ignore[arg-type]
    assert given == ["a", "b", "c"]
    assert parents(recorded) == [
        ("inside a", "letters_async"),
        ("inside b", "letters_async"),
        ("inside c", "letters_async"),
        ("letters_async", None),
    ]
    assert output(recorded, "letters_async") == ["a", "b", "c"]
    assert caplog.records == []


async def test_async_generator_closed_in_another_task_ends_its_span(
    recorded: RecordedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    generator: Any = letters_async()
    assert await generator.__anext__() == "a"
    await asyncio.create_task(generator.aclose())
    assert parents(recorded) == [("inside a", "letters_async"), ("letters_async", None)]
    assert caplog.records == []
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_async_consumer_keeps_its_parent(recorded: RecordedRecords) -> None:
    with start_span("consumer"):
        async for letter in letters_async():
            with start_span(f"consumed {letter}"):
                pass
    assert [(name, parent) for name, parent in parents(recorded) if name.startswith("consumed")] == [
        ("consumed a", "consumer"),
        ("consumed b", "consumer"),
        ("consumed c", "consumer"),
    ]


async def test_error_thrown_into_an_async_generator_reaches_it(recorded: RecordedRecords) -> None:
    @traced
    async def catches() -> AsyncIterator[str]:
        try:
            yield "first"
        except KeyError:
            yield "caught"

    generator: Any = catches()
    assert await generator.__anext__() == "first"
    assert await generator.athrow(KeyError()) == "caught"
    await generator.aclose()
    assert output(recorded, "catches") == ["first", "caught"]
