"""Values as the cells of a table: text, or JSON for everything else."""

from math import isinf
from typing import Any, Final

from spanscore._json import from_json, to_json

_ANY_SIZE: Final = 1 << 40
_NO_CHARACTER_OF_A_CELL: Final = "\0"


def read_cell(text: str | None) -> Any:
    """The value of JSON text, any other text as it is; None for an empty cell.

    >>> [read_cell(text) for text in ("why?", '{"a": 1}', "3", '"3"', "")]
    ['why?', {'a': 1}, 3, '3', None]
    """
    if not text:
        return None
    try:
        value = from_json(text)
    except ValueError:
        return text
    # No number has so large a power of ten: it is a text that looks like one, such as a digest.
    return text if isinstance(value, float) and isinf(value) else value


def write_cell(value: Any) -> str:
    """The text from which `read_cell` makes the value again: text that reads as something else is quoted."""
    if value is None:
        return ""
    is_plain = isinstance(value, str) and _NO_CHARACTER_OF_A_CELL not in value and read_cell(value) == value
    return value if is_plain else to_json(value, max_bytes=_ANY_SIZE, redact=False)
