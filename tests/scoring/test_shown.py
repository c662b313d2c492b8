import asyncio
from typing import Any

import pytest

from spanscore.scoring._shown import shown

pytestmark = pytest.mark.core


class Raises:
    def __repr__(self) -> str:
        raise RuntimeError("no")


async def waits() -> None: ...


async def yields_later() -> Any:
    yield 1


def yields() -> Any:
    yield 1


SHOWN: dict[str, tuple[Any, str]] = {
    "a number": (0.5, "0.5"),
    "a short text": ("a\nb", "'a\\nb'"),
    "a long text": ("x" * 10_000_000, f"'{'x' * 59}… (str)"),
    "long bytes": (b"\x00" * 1000, f"b'{chr(92) + 'x00'}"),
    "a long list": ([1] * 1000, f"{str([1] * 1000)[:60]}… (list)"),
    "what cannot be shown": (Raises(), "a Raises"),
    "a generator": (yields(), "a generator"),
    "an async generator": (yields_later(), "a generator"),
}


@pytest.mark.parametrize(("raw", "text"), SHOWN.values(), ids=SHOWN.keys())
def test_shown(raw: Any, text: str) -> None:
    assert shown(raw).startswith(text)
    assert len(shown(raw)) <= 80


def test_a_coroutine_is_called_one() -> None:
    coroutine = waits()
    assert shown(coroutine) == "a coroutine that nobody awaits"
    asyncio.run(coroutine)
