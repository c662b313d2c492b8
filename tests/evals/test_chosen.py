"""The cases of a subset, of which there has to be one."""

import asyncio
from typing import Any

import pytest

from spanscore.errors import NoCasesError
from spanscore.evals._chosen import Chosen
from spanscore.evals._source import Source

pytestmark = pytest.mark.core


def chosen(data: list[dict[str, Any]]) -> Chosen:
    return Chosen(Source(data), lambda: "nothing there")


async def test_a_case_that_is_read_ahead_is_handed_out_once() -> None:
    cases = chosen([{"input": 1}, {"input": 2}])
    assert cases.total == 2
    await cases.begin()
    await cases.begin()
    found = [await cases.next() for _ in range(3)]
    assert [case and case.input for case in found] == [1, 2, None]


async def test_without_any_it_says_why_and_goes_on_saying_so() -> None:
    cases = chosen([])
    for ask in (cases.begin, cases.next, cases.next):
        with pytest.raises(NoCasesError, match=r"^nothing there$"):
            await ask()


async def test_those_who_ask_at_once_get_the_only_case_once() -> None:
    cases = chosen([{"input": 1}])
    found = [await task for task in [asyncio.create_task(cases.next()) for _ in range(3)]]
    assert [case and case.input for case in found] == [1, None, None]


async def test_after_a_stop_there_is_none_and_no_error() -> None:
    for begins in (True, False):
        cases = chosen([{"input": 1}])
        if begins:
            await cases.begin()
        cases.stop()
        assert await cases.next() is None
