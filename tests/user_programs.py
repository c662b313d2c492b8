"""Small programs that use every entry point; what each returns or raises must not depend on who records.

Import it as `from user_programs import PROGRAMS, OwnError`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

from spanscore import (
    current_span,
    extract_trace_context,
    init,
    init_logger,
    inject_trace_context,
    parent_context,
    start_span,
    traced,
)

HEADERS = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


class OwnError(Exception):
    """What these programs raise."""


ERROR = OwnError("theirs")


@traced
def function(value: Any) -> Any:
    return value


@traced(tags=["a"], metadata={"b": 1}, type="tool")
def failing_function(value: Any) -> Any:
    raise ERROR


@traced
async def coroutine(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


@traced
async def failing_coroutine(value: Any) -> Any:
    raise ERROR


@traced
def generator(value: Any) -> Generator[Any, Any, Any]:
    got = yield value
    yield got
    return value


@traced
def failing_generator(value: Any) -> Generator[Any, Any, Any]:
    yield value
    raise ERROR


@traced
async def async_generator(value: Any) -> AsyncGenerator[Any, Any]:
    yield value
    yield value


def call(value: Any) -> Any:
    return function(value)


def call_that_fails(value: Any) -> Any:
    return failing_function(value)


def await_coroutine(value: Any) -> Any:
    return asyncio.run(coroutine(value))


def await_coroutine_that_fails(value: Any) -> Any:
    return asyncio.run(failing_coroutine(value))


def step_generator(value: Any) -> Any:
    steps = generator(value)
    yielded = [next(steps), steps.send(value)]
    try:
        next(steps)
    except StopIteration as end:
        yielded.append(end.value)
    return yielded


def break_generator(value: Any) -> Any:
    steps = generator(value)
    first = next(steps)
    steps.close()
    return first


def step_generator_that_fails(value: Any) -> Any:
    return list(failing_generator(value))


def step_async_generator(value: Any) -> Any:
    async def collect() -> list[Any]:
        return [item async for item in async_generator(value)]

    return asyncio.run(collect())


def span_with_everything(value: Any) -> Any:
    with start_span("s", type="tool", input=value, metadata={"k": value}) as span:
        span.log(output=value, expected=value, metadata={"k": value}, metrics={"n": 1}, scores={"s": 0.5})
        span.log(tags=["a", "b"], error="no")
        span.set_attributes(name="t", type="task")
        current_span().log(output=value)
        with span.start_span("below", input=value) as below:
            below.log(error=OwnError("logged"))
        return value


def span_that_fails(value: Any) -> Any:
    with start_span("s", input=value):
        raise ERROR


def span_ended_by_hand(value: Any) -> Any:
    span = start_span("s", input=value)
    span.end()
    span.log(output=value, tags=["late"], error="late")
    span.set_attributes(name="late")
    return value


def facts_of_a_span(value: Any) -> Any:
    span = start_span("s")
    facts = (span.id, span.root_span_id, span.name, span.export(), span.link(), repr(span), hash(span))
    equal = span == span, span == 5
    span.end()
    return [type(fact) for fact in facts], equal


def context_across_processes(value: Any) -> Any:
    with start_span("s") as span:
        written = inject_trace_context({"accept": "*"}), span.inject({"accept": "*"})
    with parent_context(extract_trace_context(HEADERS)), start_span("below"):
        pass
    with start_span("also below", parent=extract_trace_context(HEADERS)):
        pass
    with start_span("elsewhere", parent="project_name:p"):
        pass
    return [headers["accept"] for headers in written]


def logger(value: Any) -> Any:
    made = init_logger("bot")
    made.log(input=value, output=value, expected=value, metadata={"k": value}, tags=["a"])
    return made.project


def experiment(value: Any) -> Any:
    with init("bot") as made:
        made.log(input=value, output=value, expected=value, scores={"s": 1}, metadata={"k": value})
    return made.project


PROGRAMS: dict[str, Callable[[Any], Any]] = {
    program.__name__.replace("_", " "): program
    for program in (
        call,
        call_that_fails,
        await_coroutine,
        await_coroutine_that_fails,
        step_generator,
        break_generator,
        step_generator_that_fails,
        step_async_generator,
        span_with_everything,
        span_that_fails,
        span_ended_by_hand,
        facts_of_a_span,
        context_across_processes,
        logger,
        experiment,
    )
}
