from typing import Any

import pytest

from spanscore._json._fit import cut_text, fit
from spanscore._json._tree import Gap

pytestmark = pytest.mark.core

CUTS: dict[str, tuple[Any, int, str]] = {
    "what fits is left": ([1, 2], 5, "[1,2]"),
    "no room at all": ([1, 2], 1, "0"),
    "room for empty text": ([1, 2], 3, '""'),
    "room for null": ([1, 2], 4, "null"),
    "room for an ellipsis": ([1] * 9, 8, '"…"'),
    "text in a small budget": ("abcdefghij" * 3, 15, '"abcde…fghij"'),
    "text of two-byte characters": ("é" * 50, 15, '"éé…éé"'),
    "text of escapes": ("\n" * 50, 15, '"\\n\\n…\\n\\n"'),
    "the small child stays whole": (["a" * 100, "b"], 30, '["aaaaaaaaa…aaaaaaaaa","b"]'),
    "keys stay, values are cut": ({"a": "x" * 90, "b": "y" * 90}, 40, '{"a":"xxxx…xxxx","b":"yyyyy…yyyyy"}'),
    "the middle of a list goes": (list(range(100)), 46, '[0,1,2,"[spanscore: 94 items cut]",97,98,99]'),
    "gaps add up": (
        [*range(50), Gap(900, "items"), *range(50)],
        46,
        '[0,1,2,"[spanscore: 995 items cut]",48,49]',
    ),
    "an unknown gap stays unknown": (
        [*range(50), Gap(None, "items")],
        80,
        '[0,1,2,3,4,"[spanscore: 42 items cut]",47,48,49,"[spanscore: more items cut]"]',
    ),
}


@pytest.mark.parametrize(("plain", "budget", "text"), CUTS.values(), ids=CUTS.keys())
def test_fit(plain: Any, budget: int, text: str) -> None:
    assert fit(plain, budget).decode() == text


def test_long_text_says_how_much_is_missing() -> None:
    cut = cut_text("head" * 100 + "tail" * 100, 202)
    head, note, tail = cut.split("…")
    assert (head[:4], note, tail[-4:]) == (
        "head",
        f"[spanscore: {800 - len(head) - len(tail)} characters cut]",
        "tail",
    )
    assert len(cut.encode()) <= 200


def test_long_keys_stay_different() -> None:
    plain = {"k" * 5000 + end + "k" * 5000: end for end in "abc"}
    text = fit(plain, 2000).decode()
    assert text.count('"a"') == text.count('"b"') == text.count('"c"') == 1
