"""Reading out of the way of an event loop."""

import threading
from collections.abc import Iterator

import pytest

from spanscore.datasets import in_portions

pytestmark = pytest.mark.core


async def test_portions_are_read_in_another_thread_and_not_before_they_are_wanted() -> None:
    read: list[int] = []
    threads: set[threading.Thread] = set()

    def numbers() -> Iterator[int]:
        for number in range(7):
            read.append(number)
            threads.add(threading.current_thread())
            yield number

    portions = in_portions(numbers(), 3)
    assert read == []
    assert await anext(portions) == 0
    assert read == [0, 1, 2]
    assert [number async for number in portions] == [1, 2, 3, 4, 5, 6]
    assert threading.current_thread() not in threads
