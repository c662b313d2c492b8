import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from spanscore.errors import CaseError, EvalError
from spanscore.evals._source import Source, open_source

pytestmark = pytest.mark.core

ROWS = [{"input": 0}, {"input": 1}, {"input": 2}]


def generator() -> Iterator[Any]:
    yield from ROWS


async def async_generator() -> AsyncIterator[Any]:
    for row in ROWS:
        await asyncio.sleep(0)
        yield row


async def coroutine() -> list[Any]:
    return ROWS


async def coroutine_of_a_generator() -> AsyncIterator[Any]:
    return async_generator()


class Rows:
    def __iter__(self) -> Iterator[Any]:
        return iter(ROWS)


class AsyncRows:
    def __aiter__(self) -> AsyncIterator[Any]:
        return async_generator()


class CallableRows:
    def __call__(self) -> list[Any]:
        return ROWS


FORMS: dict[str, tuple[Any, int | None]] = {
    "list": (ROWS, 3),
    "tuple": (tuple(ROWS), 3),
    "iterator": (iter(ROWS), None),
    "generator": (generator(), None),
    "generator function": (generator, None),
    "lambda of a list": (lambda: ROWS, 3),
    "async generator function": (async_generator, None),
    "coroutine function": (coroutine, 3),
    "coroutine function of an async generator": (coroutine_of_a_generator, None),
    "iterable": (Rows(), None),
    "async iterable": (AsyncRows(), None),
    "class": (Rows, None),
    "class of a callable": (CallableRows, 3),
    "callable object": (CallableRows(), 3),
}


async def everything(source: Source) -> list[Any]:
    found: list[Any] = []
    while (case := await source.next()) is not None:
        found.append(case.input)
    return found


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_of_data_gives_its_cases(name: str) -> None:
    data, total = FORMS[name]
    source = await open_source(data)
    assert (await everything(source), source.total) == ([0, 1, 2], total)
    assert await source.next() is None
    await source.close()


WRONG = {
    "text": ("cases.jsonl", "str"),
    "one case": ({"input": 1}, "dict"),
    "number": (3, "int"),
    "None": (None, "NoneType"),
    "function of nothing": (lambda: None, "NoneType"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_no_data_is_an_error(name: str) -> None:
    data, kind = WRONG[name]
    message = f"data is a {kind}; give a list, iterable or generator of cases, or a function that returns one"
    with pytest.raises(EvalError) as caught:
        await open_source(data)
    assert str(caught.value) == message


async def test_nothing_is_read_before_it_is_asked_for() -> None:
    read: list[int] = []

    def data() -> Iterator[Any]:
        for number in range(10):
            read.append(number)
            yield {"input": number}

    source = await open_source(data)
    assert read == []
    await source.next()
    await source.next()
    assert read == [0, 1]
    await source.close()


async def test_a_plain_iterator_is_stepped_in_the_thread_of_the_loop() -> None:
    threads: set[threading.Thread] = set()

    def data() -> Iterator[Any]:
        threads.add(threading.current_thread())
        yield {"input": 0}

    await everything(await open_source(data))
    assert threads == {threading.current_thread()}


async def test_many_may_ask_an_async_generator_at_once() -> None:
    source = await open_source(async_generator)
    asked = [asyncio.ensure_future(source.next()) for _ in range(6)]
    found = [case and case.input for case in [await task for task in asked]]
    assert found == [0, 1, 2, None, None, None]


async def test_what_the_data_raises_ends_the_source() -> None:
    boom = OSError("disk")

    def data() -> Iterator[Any]:
        yield {"input": 0}
        raise boom

    source = await open_source(data)
    await source.next()
    with pytest.raises(OSError, match="disk") as caught:
        await source.next()
    assert caught.value is boom
    assert await source.next() is None


async def test_a_case_that_cannot_be_read_is_named_by_its_number() -> None:
    source = await open_source([{"input": 0}, {"question": 1}])
    await source.next()
    with pytest.raises(CaseError, match="case 2 of the data has no input"):
        await source.next()


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_closing_runs_a_generators_cleanup(kind: str) -> None:
    closed: list[str] = []

    def plain() -> Iterator[Any]:
        try:
            yield from ROWS
        finally:
            closed.append("plain")

    async def asynchronous() -> AsyncIterator[Any]:
        try:
            for row in ROWS:
                yield row
        finally:
            closed.append("async")

    source = await open_source(plain if kind == "plain" else asynchronous)
    await source.next()
    await source.close()
    assert closed == [kind]
    assert await source.next() is None
