"""The decorator on every kind of function."""

import asyncio
import functools
import inspect
import json
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.context import attach, detach
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from spanscore.testing import RecordedRecords, recorded_spans
from spanscore.tracing import SpanTypeAttribute, context_with, current_span, start_span, traced

pytestmark = pytest.mark.core


@pytest.fixture
def recorded() -> Iterator[RecordedRecords]:
    with recorded_spans() as records:
        yield records


def io(span: ReadableSpan) -> tuple[Any, Any]:
    attributes = span.attributes or {}
    values = (attributes.get("braintrust.input_json"), attributes.get("braintrust.output_json"))
    first, second = (json.loads(value) if isinstance(value, str) else None for value in values)
    return first, second


def tree(records: RecordedRecords) -> dict[str, str | None]:
    """Span name to the name of its parent span."""
    contexts: list[Any] = [span.get_span_context() for span in records.spans]
    names = {context.span_id: span.name for context, span in zip(contexts, records.spans, strict=True)}
    return {span.name: names.get(span.parent.span_id) if span.parent else None for span in records.spans}


@traced
def add(a: int, b: int = 2) -> int:
    """Add."""
    return a + b


@traced(name="lookup", type="tool", metadata={"index": "main"}, tags=["a", "b"])
async def find(query: str, *, k: int = 3) -> list[str]:
    await asyncio.sleep(0)
    return [query] * k


@traced
def count(n: int) -> Iterator[int]:
    yield from range(n)


@traced
async def count_async(n: int) -> AsyncIterator[int]:
    for number in range(n):
        yield number


def test_function_records_arguments_result_and_all_attributes(recorded: RecordedRecords) -> None:
    assert add(1) == 3
    (span,) = recorded.spans
    assert span.name == "add"
    attributes = dict(span.attributes or {})
    context = json.loads(str(attributes.pop("braintrust.context_json")))
    assert context["span_origin"]["name"] == "spanscore"
    assert context["span_origin"]["instrumentation"] == {"name": "spanscore"}
    assert attributes == {
        "braintrust.span_attributes": '{"type":"function"}',
        "braintrust.input_json": '{"a":1,"b":2}',
        "braintrust.output_json": "3",
    }


async def test_coroutine_records_with_options(recorded: RecordedRecords) -> None:
    assert await find("spans", k=2) == ["spans", "spans"]
    (span,) = recorded.spans
    attributes = span.attributes or {}
    assert span.name == "lookup"
    assert io(span) == ({"query": "spans", "k": 2}, ["spans", "spans"])
    assert attributes["braintrust.span_attributes"] == '{"type":"tool"}'
    assert attributes["braintrust.metadata"] == '{"index":"main"}'
    assert attributes["braintrust.tags"] == ("a", "b")


class Shop:
    def __init__(self, name: str) -> None:
        self.name = name

    @traced
    def method(self, x: int) -> str:
        return f"{self.name}{x}"

    @traced
    @classmethod
    def class_inside(cls, x: int) -> str:
        return f"{cls.__name__}{x}"

    @classmethod
    @traced
    def class_outside(cls, x: int) -> str:
        return f"{cls.__name__}{x}"

    @traced
    @staticmethod
    def static_inside(x: int) -> int:
        return x

    @staticmethod
    @traced
    def static_outside(x: int) -> int:
        return x

    @traced
    def steps(self, x: int) -> Iterator[int]:
        yield x

    @traced
    @classmethod
    def class_steps(cls, x: int) -> Iterator[str]:
        yield f"{cls.__name__}{x}"

    @traced
    async def wait(self, x: int) -> str:
        return f"{self.name}{x}"


class Branch(Shop):
    pass


METHODS: dict[str, tuple[Callable[[], Any], Any]] = {
    "method": (lambda: Shop("s").method(1), "s1"),
    "unbound method": (lambda: Shop.method(Shop("s"), x=1), "s1"),
    "classmethod inside": (lambda: Branch.class_inside(1), "Branch1"),
    "classmethod outside": (lambda: Branch("b").class_outside(1), "Branch1"),
    "staticmethod inside": (lambda: Branch("b").static_inside(1), 1),
    "staticmethod outside": (lambda: Branch.static_outside(1), 1),
    "generator method": (lambda: list(Shop("s").steps(1)), [1]),
    "unbound generator method": (lambda: list(Shop.steps(Shop("s"), x=1)), [1]),
    "generator classmethod": (lambda: list(Branch.class_steps(1)), ["Branch1"]),
    "coroutine method": (lambda: asyncio.run(Shop("s").wait(1)), "s1"),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_leave_the_receiver_out(name: str, recorded: RecordedRecords) -> None:
    call, expected = METHODS[name]
    assert call() == expected
    (span,) = recorded.spans
    assert io(span) == ({"x": 1}, expected)


def test_decorated_function_looks_like_itself() -> None:
    assert (add.__name__, add.__doc__) == ("add", "Add.")
    assert str(inspect.signature(add)) == "(a: int, b: int = 2) -> int"
    assert inspect.iscoroutinefunction(find)
    assert asyncio.iscoroutinefunction(find)
    assert inspect.isgeneratorfunction(count)
    assert inspect.isasyncgenfunction(count_async)
    assert str(inspect.signature(count)) == "(n: int) -> Iterator[int]" or "Iterator" in str(
        inspect.signature(count)
    )
    assert count.__name__ == "count"


CAPTURES: dict[str, tuple[dict[str, Any], tuple[Any, Any]]] = {
    "both": ({}, ({"x": 1}, 1)),
    "no input": ({"capture_input": False}, (None, 1)),
    "no output": ({"capture_output": False}, ({"x": 1}, None)),
    "neither": ({"notrace_io": True}, (None, None)),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_capture_switches(name: str, recorded: RecordedRecords) -> None:
    options, expected = CAPTURES[name]

    @traced(**options)
    def same(x: int) -> int:
        return x

    assert same(1) == 1
    assert io(recorded.spans[0]) == expected


WRONG_CALLS: list[tuple[Any, tuple[Any, ...]]] = [
    (add, ()),
    (add, (1, 2, 3)),
    (count, ()),
    (count_async, (1, 2)),
]


@pytest.mark.parametrize(("function", "arguments"), WRONG_CALLS)
def test_wrong_call_raises_the_functions_own_type_error(
    function: Any, arguments: tuple[Any, ...], recorded: RecordedRecords
) -> None:
    with pytest.raises(TypeError, match=rf"^{function.__name__}\(\) (missing|takes)"):
        function(*arguments)
    assert recorded.spans == []


async def test_wrong_call_of_a_coroutine_raises_when_awaited(recorded: RecordedRecords) -> None:
    call: Any = find
    with pytest.raises(TypeError, match=r"^find\(\) missing"):
        await call()
    assert recorded.spans == []


def test_exception_is_recorded_and_raised_unchanged(recorded: RecordedRecords) -> None:
    error = ValueError("no such key")

    @traced
    def fail() -> None:
        raise error

    with pytest.raises(ValueError, match="no such key") as caught:
        fail()
    assert caught.value is error
    assert error.__context__ is None
    (span,) = recorded.spans
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ValueError: no such key")
    (event,) = span.events
    attributes = event.attributes or {}
    assert (event.name, attributes["exception.type"]) == ("exception", "ValueError")
    assert "in fail" in str(attributes["exception.stacktrace"])


def test_traceback_has_one_more_frame_for_the_decorator(recorded: RecordedRecords) -> None:
    @traced
    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError) as caught:
        fail()
    names = [frame.name for frame in traceback.extract_tb(caught.tb)]
    assert names == ["test_traceback_has_one_more_frame_for_the_decorator", "wrapper", "fail"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_what_is_no_exception_is_recorded_and_passes_too(
    error: BaseException, recorded: RecordedRecords
) -> None:
    @traced
    def leave() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        leave()
    assert caught.value is error
    assert trace.get_current_span() is trace.INVALID_SPAN
    assert recorded.spans[0].status.status_code is StatusCode.ERROR


def test_metadata_and_tags_are_recorded_whatever_they_are(recorded: RecordedRecords) -> None:
    tags: Any = ("plain", SpanTypeAttribute.LLM, 3)

    @traced(tags=tags, metadata={"a": {1: (2,)}})
    def call() -> None: ...

    call()
    attributes = recorded.spans[0].attributes or {}
    assert attributes["braintrust.tags"] == ("plain", "llm", "3")
    assert attributes["braintrust.metadata"] == '{"a":{"1":[2]}}'


def test_purpose_is_inherited(recorded: RecordedRecords) -> None:
    token = attach(context_with(purpose="scorer"))
    add(1)
    detach(token)
    add(1)
    described = [(span.attributes or {})["braintrust.span_attributes"] for span in recorded.spans]
    assert described == ['{"type":"function","purpose":"scorer"}', '{"type":"function"}']


def test_input_is_what_it_was_at_the_call(recorded: RecordedRecords) -> None:
    @traced
    def empty(items: list[int]) -> None:
        items.clear()

    empty([1, 2])
    assert io(recorded.spans[0]) == ({"items": [1, 2]}, None)


def test_calls_nest_and_current_span_is_theirs(recorded: RecordedRecords) -> None:
    @traced
    def inner() -> None:
        current_span().log(metadata={"where": "inner"})

    @traced
    def outer() -> None:
        inner()
        current_span().log(metadata={"where": "outer"})

    outer()
    assert tree(recorded) == {"inner": "outer", "outer": None}
    logged = {span.name: (span.attributes or {})["braintrust.metadata"] for span in recorded.spans}
    assert logged == {"inner": '{"where":"inner"}', "outer": '{"where":"outer"}'}
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_nothing_is_recorded_without_recording_or_provider() -> None:
    assert add(1) == 3
    assert list(count(2)) == [0, 1]
    assert asyncio.run(find("x", k=1)) == ["x"]
    assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def test_callable_objects_and_partials(recorded: RecordedRecords) -> None:
    class Doubler:
        def __call__(self, x: int) -> int:
            return 2 * x

    class AsyncDoubler:
        async def __call__(self, x: int) -> int:
            return 2 * x

    assert traced(Doubler())(2) == 4
    assert traced(name="partial")(functools.partial(max, 3))(2) == 3
    assert asyncio.run(traced(AsyncDoubler())(2)) == 4
    assert [span.name for span in recorded.spans] == ["Doubler", "partial", "AsyncDoubler"]


def test_the_name_may_come_first(recorded: RecordedRecords) -> None:
    @traced("double", type="tool")
    def f(x: int) -> int:
        return 2 * x

    assert f(2) == 4
    assert [span.name for span in recorded.spans] == ["double"]


@pytest.mark.parametrize("target", [3, Shop])
def test_what_is_no_function_is_refused(target: Any) -> None:
    with pytest.raises(TypeError, match="@traced takes a function or method"):
        traced(target)


def test_hostile_values_change_nothing(recorded: RecordedRecords) -> None:
    class Hostile:
        def __repr__(self) -> str:
            raise RuntimeError("no repr")

    hostile = Hostile()

    @traced
    def same(x: Any) -> Any:
        return x

    assert same(hostile) is hostile
    assert len(recorded.spans) == 1


def test_threads_and_pools_keep_the_parent(recorded: RecordedRecords) -> None:
    class Worker(threading.Thread):
        def run(self) -> None:
            with start_span("subclass"):
                pass

    def named(name: str) -> None:
        with start_span(name):
            pass

    async def to_thread() -> None:
        await asyncio.to_thread(named, "to_thread")

    @traced
    def outer() -> None:
        threads = [threading.Thread(target=named, args=("thread",)), Worker()]
        for thread in threads:
            thread.start()
            thread.join()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(named, "pool").result()
        asyncio.run(to_thread())

    outer()
    assert tree(recorded) == {
        "thread": "outer",
        "subclass": "outer",
        "pool": "outer",
        "to_thread": "outer",
        "outer": None,
    }
