"""A value of the user's within an error message."""

import inspect
from typing import Any, Final

_LONGEST: Final = 80
_SHORT: Final = 60


def shown(raw: Any) -> str:
    """The value's repr, cut where it is long; of what cannot be shown or says nothing, what it is.

    >>> shown("x" * 1000)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (str)"
    """
    if inspect.iscoroutine(raw):
        return "a coroutine that nobody awaits"
    if inspect.isgenerator(raw) or inspect.isasyncgen(raw):
        return "a generator"
    # Of a long text only the beginning is looked at: its repr may be much longer still.
    if isinstance(raw, (str, bytes)) and len(raw) > _LONGEST:
        return f"{raw[:_SHORT]!r}"[:_SHORT] + f"… ({type(raw).__name__})"
    try:
        text = repr(raw)
    except Exception:  # noqa: BLE001 - the repr of somebody's object may raise anything
        return f"a {type(raw).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_SHORT]}… ({type(raw).__name__})"
