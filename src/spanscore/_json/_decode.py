"""JSON text to a Python value."""

import json
import re
from typing import Any, Final, NoReturn

import orjson

DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER: Final = b"0" * 19
"""orjson reads an integer beyond 64 bits as a float; text with so many digits is for the standard library.

With all digits alike a search for bytes finds them, at a tenth of the cost of a regular expression.
"""

ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
"""An escape in a JSON string: a surrogate pair, a lone surrogate (the group), any other."""


def from_json(text: str | bytes) -> Any:
    """The value of JSON text. Raises ValueError saying what is wrong and where.

    Integers are exact whatever their length; an escaped lone surrogate, which no UTF-8 text can carry, is
    kept as the text of its escape. NaN and Infinity are no JSON.
    """
    try:
        data = text.encode() if isinstance(text, str) else text
        if LONG_NUMBER not in data.translate(DIGITS_ALIKE):
            return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _careful(text)
    except UnicodeEncodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    return _careful(text)


def _careful(text: str | bytes) -> Any:
    """The value of text that orjson refuses or would read inexactly."""
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        return json.loads(ESCAPE.sub(_spell_out, decoded), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None


def _spell_out(escape: re.Match[str]) -> str:
    """The escape itself, or a lone surrogate's with its backslash escaped."""
    return "\\" + escape[0] if escape[1] else escape[0]


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")
