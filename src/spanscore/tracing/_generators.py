"""Traced generators: every step runs in a context kept for the generator, the consumer's stays its own."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any

from spanscore.tracing._call import PreparedCall, TracedCall
from spanscore.tracing._recording import RECORDING


class Yielded:
    """What a generator has yielded, up to the configured number of items."""

    __slots__ = ("_most", "items")

    def __init__(self) -> None:
        settings = RECORDING.settings
        self._most = 1000 if settings is None else settings.max_generator_items
        self.items: list[Any] = []

    def add(self, item: Any) -> None:
        """Take note of an item."""
        if self._most < 0 or len(self.items) < self._most:
            self.items.append(item)


def drive(generator: Generator[Any, Any, Any], prepared: PreparedCall) -> Generator[Any, Any, Any]:
    """`generator` with each of its steps inside the call; ends the span at the end, an error or `close()`."""
    call = prepared.open()
    if call is None:
        return (yield from generator)
    yielded = Yielded()
    step: Callable[[Any], Any] = generator.send
    argument: Any = None
    while True:
        call.enter()
        try:
            item = step(argument)
        except StopIteration as end:
            call.leave()
            _finish(call, yielded)
            return end.value
        except BaseException as error:
            call.leave()
            _fail(call, error, yielded)
            raise
        call.leave()
        yielded.add(item)
        try:
            step, argument = generator.send, (yield item)
        except GeneratorExit:
            _close(generator, call)
            _finish(call, yielded)
            raise
        except BaseException as error:  # noqa: BLE001 - what the consumer throws goes to the generator
            step, argument = generator.throw, error


def _close(generator: Generator[Any, Any, Any], call: TracedCall) -> None:
    call.enter()
    try:
        generator.close()
    except BaseException as error:
        call.leave()
        call.end(error=error)
        raise
    call.leave()


async def drive_async(
    generator: AsyncGenerator[Any, Any], prepared: PreparedCall
) -> AsyncGenerator[Any, Any]:
    """The same for an asynchronous generator, whose steps may run in different tasks."""
    call = prepared.open()
    if call is None:
        async for item in generator:
            yield item
        return
    yielded = Yielded()
    step: Callable[[Any], Awaitable[Any]] = generator.asend
    argument: Any = None
    while True:
        call.enter()
        try:
            item = await step(argument)
        except StopAsyncIteration:
            call.leave()
            _finish(call, yielded)
            return
        except BaseException as error:
            call.leave()
            _fail(call, error, yielded)
            raise
        call.leave()
        yielded.add(item)
        try:
            step, argument = generator.asend, (yield item)
        except GeneratorExit:
            await _aclose(generator, call)
            _finish(call, yielded)
            raise
        except BaseException as error:  # noqa: BLE001 - what the consumer throws goes to the generator
            step, argument = generator.athrow, error


async def _aclose(generator: AsyncGenerator[Any, Any], call: TracedCall) -> None:
    call.enter()
    try:
        await generator.aclose()
    except BaseException as error:
        call.leave()
        call.end(error=error)
        raise
    call.leave()


def _finish(call: TracedCall, yielded: Yielded) -> None:
    call.end(yielded.items)


def _fail(call: TracedCall, error: BaseException, yielded: Yielded) -> None:
    call.end(yielded.items, None if isinstance(error, GeneratorExit) else error)
