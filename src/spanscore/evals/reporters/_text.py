"""Values and figures as people read them in a report."""

from typing import Any, Final

from spanscore._json import to_json

_PREVIEW_BYTES: Final = 8000
SMALL: Final = 0.1
"""Quantities below have three figures instead of three digits behind the point."""
NO_VALUE: Final = "none"
_UNPRINTABLE: Final = "\N{REPLACEMENT CHARACTER}"


def shortened(value: Any, length: int) -> str:
    r"""A value on one line of at most `length` characters: text as it is, all else as JSON; "" for None.

    >>> shortened({"city": "Rome"}, 40), shortened("one\ntwo three", 8)
    ('{"city":"Rome"}', 'one two…')
    """
    text = " ".join(full_text(value).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def full_text(value: Any, max_bytes: int = _PREVIEW_BYTES) -> str:
    """A value in at most so many bytes, or characters if it is text, with lines and nothing unprintable."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else to_json(value, max_bytes=max_bytes, redact=False)
    cut = f"{text[:max_bytes]}…" if len(text) > max_bytes else text
    # What was recorded must not steer the terminal, nor break XML. Most texts are fine as they are.
    if cut.replace("\n", "").replace("\t", "").isprintable():
        return cut
    return "".join(each if each.isprintable() or each in "\n\t" else _UNPRINTABLE for each in cut)


def percent(share: float | None) -> str:
    """A share in 0..1 as in "61.24 %"."""
    return NO_VALUE if share is None else f"{100 * share:.2f} %"


def points(difference: float) -> str:
    """A difference of shares in percentage points, as in "+4.07"."""
    return f"{100 * difference:+.2f}"


def probability(p: float | None) -> str:
    """A p-value with three digits; "" for None.

    >>> [probability(p) for p in (0.0421, 0.0002, None)]
    ['0.042', '< 0.001', '']
    """
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def quantity(value: float, unit: str) -> str:
    """A measured quantity with its unit; a small one with three figures, as costs of single calls are.

    >>> [quantity(value, unit) for value, unit in ((120.0, "tok"), (0.1234, "s"), (0.00021, "$"), (1.5, ""))]
    ['120 tok', '0.123 s', '0.00021 $', '1.50']
    """
    whole, size = value == int(value), abs(value)
    form = ".0f" if whole else ".3g" if size < SMALL else ".3f" if size < 1 else ".2f"
    return f"{value:{form}} {unit}".rstrip()


def signed_quantity(value: float, unit: str) -> str:
    """A change of a measured quantity, with its sign."""
    return f"{'-' if value < 0 else '+'}{quantity(abs(value), unit)}"


def dollars(cost: float) -> str:
    """A cost in dollars: four digits behind the point below a dollar, two above.

    >>> [dollars(cost) for cost in (0.01234, 3.5)]
    ['$0.0123', '$3.50']
    """
    return f"${cost:.4f}" if cost < 1 else f"${cost:,.2f}"


def time_left(seconds: float) -> str:
    """A time to wait, roughly.

    >>> [time_left(seconds) for seconds in (4.2, 75, 7300)]
    ['4 s', '1 min 15 s', '2 h 1 min']
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
