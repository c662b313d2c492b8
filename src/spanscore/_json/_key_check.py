"""Whether plain data that became JSON has credentials under its keys, at little cost for each object."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

from spanscore._json._credentials import CREDENTIALS, MAX_NAME, holds_credential, judge
from spanscore._json._names import kind_of

Object: TypeAlias = dict[Any, Any]
Array: TypeAlias = "list[Any] | tuple[Any, ...]"

ARRAY: Final = object()
"""The key under which an array stands that may have more objects in it."""

MANY: Final = 32

MAX_HARMLESS: Final = 4096
"""When more keys are known to be harmless than this, they are all learnt anew."""

MAX_LESSON: Final = 256
"""More new keys at once are data, and not learnt."""

_harmless: Final[set[str]] = set()
"""Keys seen before that say nothing about credentials."""

_are_harmless: Final = _harmless.issuperset


def has_credentials(objects: Sequence[Object], data: bytes) -> bool:
    """Whether one of `objects`, or of those anywhere in the arrays among them, has a credential under a key.

    `data` is the JSON of all: who wrote it has proved that each key is an exact str, so that looking it up
    runs no code of the user's.
    """
    # Of few objects one look-up each is the faster way, of many one for the keys of all.
    for keys in objects if len(objects) <= MANY else (set[Any]().union(*objects),):
        if not _are_harmless(keys):
            return CREDENTIALS.is_on and _has_unknown(objects, data)
    return False


def _has_unknown(objects: Sequence[Object], data: bytes) -> bool:
    """What `has_credentials` says where not all keys are known to be harmless."""
    arrays = [found[ARRAY] for found in objects if ARRAY in found]
    if arrays:
        objects = [found for found in objects if ARRAY not in found]
        objects.extend(_objects_in(arrays, data.count(b"{") - len(objects)))
    unknown = set[Any]().union(*objects) - _harmless
    return bool(unknown) and _has_under(unknown, objects)


def _has_under(unknown: set[str], objects: Sequence[Object]) -> bool:
    suspicious = judge(unknown)
    _learn(unknown - suspicious)
    if not suspicious:
        return False
    return any(
        key in suspicious and holds_credential(key, value)
        for found in objects
        if not suspicious.isdisjoint(found)
        for key, value in found.items()
    )


def _learn(harmless: set[str]) -> None:
    if len(harmless) > MAX_LESSON:
        return
    if len(_harmless) > MAX_HARMLESS:
        _harmless.clear()
    _harmless.update(key for key in harmless if len(key) <= MAX_NAME)


def _objects_in(arrays: Sequence[Array], most: int) -> list[Object]:
    """The objects anywhere in `arrays`, of which there are at most as many as the JSON has braces."""
    found: list[Object] = []
    objects: list[Object] = []
    while most > len(found) and (objects or arrays):
        kinds = set(map(kind_of, chain.from_iterable(arrays)))
        if not objects and kinds == {dict}:
            objects = list(chain.from_iterable(arrays))
            arrays = []
        else:
            below = chain(chain.from_iterable(map(_values, objects)), chain.from_iterable(arrays))
            nested = [child for child in below if kind_of(child) in _NESTED]
            objects = [child for child in nested if kind_of(child) is dict]
            arrays = [child for child in nested if kind_of(child) is not dict]
        found.extend(objects)
    return found


_values: Final = dict[str, Any].values
_NESTED: Final = (dict, list, tuple)
