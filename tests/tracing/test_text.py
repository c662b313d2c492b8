"""Text of what should be text already."""

from typing import Any

import pytest

from spanscore.tracing import SpanTypeAttribute
from spanscore.tracing._text import as_tags, as_text, is_error

pytestmark = pytest.mark.core


class Shouting(str):
    def __str__(self) -> str:
        raise SystemExit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (SpanTypeAttribute.LLM, "llm"),
        (Shouting("b"), "b"),
        (3, "3"),
        (None, "null"),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert (as_text(value), type(as_text(value))) == (text, str)


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("ab", ("ab",)),
        (["a", 1], ("a", "1")),
        (("a",), ("a",)),
        (set[str](), ()),
        (3, ("3",)),
        (iter("ab"), None),
    ],
)
def test_tags(value: Any, tags: tuple[str, ...] | None) -> None:
    found = as_tags(value)
    assert found == tags if tags is not None else len(found) == 1


def test_errors_are_told_by_their_class() -> None:
    assert (is_error(KeyError("a")), is_error("KeyError"), is_error(None)) == (True, False, False)
