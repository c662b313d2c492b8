"""Every public way for a value of the program's to get in.

Each entry takes a value and returns what the program gets of it: the very object, so that it can be compared
by identity. Import it as `from hostile_entries import ENTRIES, Entry`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import SpanContext, TraceFlags

from spanscore import Eval, current_span, init, init_logger, start_span, traced

Entry = Callable[[Any], Any]


class OwnError(Exception):
    """What the program raises, with the value."""


@traced
def argument(value: Any, *, named: Any = None) -> Any:
    return value


@traced
def raising(value: Any) -> Any:
    raise OwnError(value)


@traced
async def coroutine(value: Any) -> Any:
    return value


@traced
def generator(value: Any) -> Generator[Any, Any, Any]:
    yield value
    return value


@traced
async def async_generator(value: Any) -> AsyncGenerator[Any, Any]:
    yield value


def traced_call(value: Any) -> Any:
    return argument(value, named=value)


def traced_error(value: Any) -> Any:
    try:
        raising(value)
    except OwnError as error:
        return error.args[0]


def traced_coroutine(value: Any) -> Any:
    got: list[Any] = []

    async def run() -> None:
        got.append(await coroutine(value))

    # The loop itself calls the `repr` of what its main coroutine returns.
    asyncio.run(run())
    return got[0]


def traced_generator(value: Any) -> Any:
    (item,) = generator(value)
    return item


def traced_async_generator(value: Any) -> Any:
    got: list[Any] = []

    async def run() -> None:
        got.extend([item async for item in async_generator(value)])

    asyncio.run(run())
    return got[0]


def traced_options(value: Any) -> Any:
    options: dict[str, Any] = {"metadata": value, "tags": value}
    return traced(**options)(lambda: value)()


def start_span_fields(value: Any) -> Any:
    fields: dict[str, Any] = dict.fromkeys(("input", "output", "expected", "metadata", "scores"), value)
    with start_span("s", type=value, **fields):
        return value


def name_of_a_span(value: Any) -> Any:
    with start_span(value) as span:
        span.set_attributes(name=value, type=value)
        with span.start_span(value, type=value):
            return value


def parent_of_a_span(value: Any) -> Any:
    with start_span("s", parent=value):
        return value


def field_of_log(name: str, value: Any) -> Any:
    with start_span("s") as span:
        fields: dict[str, Any] = {name: value}
        span.log(**fields)
        current_span().log(**fields)
        span.log(metadata={"neighbour": 1})
    return value


def late_field_of_log(value: Any) -> Any:
    span = start_span("s")
    span.end()
    fields: dict[str, Any] = dict.fromkeys(("input", "metadata", "metrics", "tags", "error"), value)
    span.log(**fields)
    return value


def logger(value: Any) -> Any:
    init_logger("bot").log(input=value, output=value, metadata={"k": value}, tags=[value], error=value)
    return value


def experiment(value: Any) -> Any:
    made = init("bot", set_current=False)
    made.log(input=value, output=value, expected=value, scores={"s": 1}, metadata={"k": value})
    return value


def case_of_an_eval(value: Any) -> Any:
    case = {"input": value, "expected": value, "metadata": {"k": value}}
    return Eval("bot", [case], lambda given: given, [lambda output: 1.0], quiet=True).results[0].output


def attribute_of_a_foreign_span(value: Any) -> Any:
    """A finished span of somebody's own class, whose attributes nobody has cleaned."""
    context = SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1))
    attributes: dict[Any, Any] = {"a": value, "gen_ai.system": "x"}
    try:
        attributes[value] = value
    except Exception:  # noqa: BLE001 - what has no hash is no key
        attributes["b"] = value
    span = ReadableSpan("foreign", context, attributes=attributes, events=[Event("e", attributes)])
    provider: Any = trace.get_tracer_provider()
    with start_span("theirs"):
        provider._active_span_processor.on_end(span)
    return value


def _log_field(name: str) -> Entry:
    return lambda value: field_of_log(name, value)


FIELDS = ("input", "output", "expected", "metadata", "metrics", "scores", "tags", "error")
ENTRIES: dict[str, Entry] = {
    **{
        entry.__name__.replace("_", " "): entry
        for entry in (
            traced_call,
            traced_error,
            traced_coroutine,
            traced_generator,
            traced_async_generator,
            traced_options,
            start_span_fields,
            name_of_a_span,
            parent_of_a_span,
            late_field_of_log,
            logger,
            experiment,
            case_of_an_eval,
            attribute_of_a_foreign_span,
        )
    },
    **{f"Span.log({name}=)": _log_field(name) for name in FIELDS},
}
