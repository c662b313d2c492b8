"""No more than the limit run at once, and none is forgotten."""

import asyncio

import pytest

from spanscore.evals._limit import Limit
from spanscore.evals._pressure import Pressure
from spanscore.wire.http_attempts import HttpAttempt

pytestmark = pytest.mark.core


async def most_at_once(limit: Limit, count: int) -> int:
    running = most = 0

    async def one() -> None:
        nonlocal running, most
        async with limit:
            running += 1
            most = max(most, running)
            for _ in range(3):
                await asyncio.sleep(0)
            running -= 1

    tasks = [asyncio.ensure_future(one()) for _ in range(count)]
    for task in tasks:
        await task
    return most


@pytest.mark.parametrize("allowed", [1, 3, 50])
async def test_a_fixed_limit_keeps_its_number(allowed: int) -> None:
    limit = Limit(allowed)
    limit.told(429, {})
    assert (limit.allowed, limit.is_adaptive) == (allowed, False)
    assert await most_at_once(limit, 20) == min(allowed, 20)


async def test_an_adaptive_limit_lets_fewer_run_after_a_refusal() -> None:
    limit = Limit(Pressure(start=10))
    limit.heard(HttpAttempt(host="api.example.com", status=429, headers={}))
    assert (limit.allowed, limit.is_adaptive) == (8, True)
    assert await most_at_once(limit, 8) == 8


async def test_nothing_begins_while_the_provider_wants_to_be_left_alone() -> None:
    clock = [100.0]
    limit = Limit(Pressure(now=lambda: clock[0], processor=lambda: 0.0))
    limit.told(429, {"retry-after": "0.02"})
    entered = asyncio.Event()

    async def enter() -> None:
        async with limit:
            entered.set()

    task = asyncio.ensure_future(enter())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not entered.is_set()
    clock[0] += 1
    await task
    assert entered.is_set()


async def test_a_cancelled_waiter_takes_no_room_from_others() -> None:
    limit = Limit(1)
    holding = asyncio.Event()
    entered: list[str] = []

    async def hold() -> None:
        async with limit:
            await holding.wait()
        waiters[0].cancel()  # it has been told that there is room, and has not run since

    async def enter(name: str) -> None:
        async with limit:
            entered.append(name)

    holder = asyncio.ensure_future(hold())
    await asyncio.sleep(0)
    waiters = [asyncio.ensure_future(enter(name)) for name in "ab"]
    await asyncio.sleep(0)
    holding.set()
    await holder
    await waiters[1]
    assert entered == ["b"]
    with pytest.raises(asyncio.CancelledError):
        await waiters[0]


async def test_an_error_inside_makes_room() -> None:
    limit = Limit(1)
    with pytest.raises(ValueError, match="inside"):
        async with limit:
            raise ValueError("inside")
    async with limit:
        pass
