"""Reading that waits for a disk or a network, out of the way of an event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Final, TypeVar

_T = TypeVar("_T")
AT_ONCE: Final = 100


async def in_portions(iterator: Iterator[_T], at_once: int = AT_ONCE) -> AsyncIterator[_T]:
    """What the iterator gives, `at_once` of it at a time; it is stepped in another thread."""
    while portion := await asyncio.to_thread(lambda: list(islice(iterator, at_once))):
        for each in portion:
            yield each
