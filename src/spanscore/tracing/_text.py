"""Text of what should be text already, without running any code of the value's own class."""

from typing import Any, Final, TypeGuard

from spanscore._json import to_json

_MOST_BYTES: Final = 1_000


def as_text(value: Any) -> str:
    """The value as text: JSON where it is none.

    >>> as_text("a"), as_text(3)
    ('a', '3')
    """
    if type(value) is str:
        return value
    if issubclass(type(value), str):
        return "".join((str.__str__(value),))
    return str(to_json(value, max_bytes=_MOST_BYTES))


def is_error(value: object) -> TypeGuard[BaseException]:
    """True for an exception, by its real class: asking a value for its `__class__` may run its code."""
    return issubclass(type(value), BaseException)


def as_tags(value: Any) -> tuple[str, ...]:
    """The tags that a value stands for: the items of a list as text, anything else as the only tag.

    >>> as_tags(["a", 1]), as_tags("a")
    (('a', '1'), ('a',))
    """
    if type(value) in (list, tuple, set, frozenset):
        return tuple(map(as_text, value))
    return (as_text(value),)
