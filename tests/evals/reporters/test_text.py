import pytest

from spanscore.evals.reporters._text import full_text, percent, points, shortened, signed_quantity

pytestmark = pytest.mark.core

SHORTENED = {
    "nothing": (None, ""),
    "text": ("Hi", "Hi"),
    "several lines": ("Hi\n  Ada\t!", "Hi Ada !"),
    "too long": ("0123456789abcdef", "012345678…"),
    "no text": ([1, "a"], '[1,"a"]'),
    "an escape sequence": ("\x1b[31m", "\N{REPLACEMENT CHARACTER}[31m"),
}


@pytest.mark.parametrize("name", SHORTENED)
def test_a_value_fits_on_a_line(name: str) -> None:
    value, expected = SHORTENED[name]
    assert shortened(value, 10) == expected


def test_a_whole_text_keeps_its_lines_and_is_bounded() -> None:
    assert full_text("a\n\tb\0") == "a\n\tb\N{REPLACEMENT CHARACTER}"
    assert full_text("x" * 9000) == "x" * 8000 + "…"


def test_figures() -> None:
    assert (percent(None), percent(0.5), points(-0.1)) == ("none", "50.00 %", "-10.00")
    assert (signed_quantity(-1.5, "s"), signed_quantity(2, "")) == ("-1.50 s", "+2")
