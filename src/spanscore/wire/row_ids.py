"""Ids that programs give to the rows of their spans."""

from typing import Any, Final

from spanscore._json import from_json
from spanscore.wire.attributes import ROW_ID

_MARK: Final = f'"{ROW_ID}"'


def row_id_in(context: object) -> str | None:
    """The id in the text of a row's `context`; None if the program has given the row none.

    >>> row_id_in('{"row_id":"order-17"}')
    'order-17'
    """
    if not isinstance(context, str) or _MARK not in context:
        return None
    try:
        told: Any = from_json(context)
    except ValueError:
        return None
    found: Any = told.get(ROW_ID) if isinstance(told, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) and found else None
