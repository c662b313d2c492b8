"""Values of a request as the client sends them."""

from typing import Any, Final, cast

from spanscore.integrations._plain import plain

_ADDED_BY_CLIENT: Final = {"parsed_output"}
"""What `parse()` puts into the blocks of an answer beside what was received; it is not sent back."""


def sent(value: Any, *, exclude: Any = _ADDED_BY_CLIENT) -> Any:
    """`value` with the models in it, alone or in a list, as JSON objects of the fields that were received.

    Looks no deeper: programs send whatever they like, lists that hold themselves among it. `exclude` is
    pydantic's.
    """
    if type(value) in (list, tuple):
        return [_object(one, exclude) for one in cast("list[Any]", value)]
    return _object(value, exclude)


def is_empty(value: Any) -> bool:
    """True for None, and for an empty text or list."""
    return value is None or (type(value) in (str, list, tuple) and not value)


def _object(value: Any, exclude: Any) -> Any:
    # A list in a list stays as it is, and so does one of a class of the program's.
    return cast("Any", value) if isinstance(value, list | tuple) else plain(value, exclude=exclude)
