"""Models among what is sent are told as the client sends them; everything else stays as it is."""

from typing import Any

import pytest
from anthropic.types import TextBlock

from spanscore.integrations.anthropic._sent import is_empty, sent

BLOCK = TextBlock.construct(type="text", text="5", parsed_output=5)
TOLD = {"type": "text", "text": "5"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (BLOCK, TOLD),
        ([BLOCK, TOLD, "x", None], [TOLD, TOLD, "x", None]),
        ((BLOCK,), [TOLD]),
        ([[BLOCK]], [[BLOCK]]),
        ({"a": [BLOCK]}, {"a": [BLOCK]}),
        ("text", "text"),
        (None, None),
    ],
)
def test_sent(value: Any, told: Any) -> None:
    assert sent(value) == told


def test_a_list_that_holds_itself() -> None:
    cycle: list[Any] = [TOLD]
    cycle.append(cycle)
    assert sent(cycle) == [TOLD, cycle]


class Loud:
    def __bool__(self) -> bool:
        raise SystemExit


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        (None, True),
        ("", True),
        ([], True),
        ((), True),
        ("a", False),
        ([None], False),
        (0, False),
        (Loud(), False),
    ],
)
def test_is_empty(value: Any, empty: bool) -> None:
    assert is_empty(value) is empty
