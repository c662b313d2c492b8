"""Whether plain data that became JSON has credentials under its keys, at little cost for each object."""

from collections.abc import Sequence, Set
from gc import get_referents
from itertools import chain
from typing import Any, Final

from spanscore._json._credentials import CREDENTIALS, MAX_NAME, holds_credential, judge
from spanscore._json._names import kind_of
from spanscore._json._weight import Level, Object

MAX_HARMLESS: Final = 4096
"""When more keys are known to be harmless than this, they are all learnt anew."""

MAX_LESSON: Final = 256
"""More new keys at once are data, and not learnt."""

_harmless: Final[set[str]] = set()
"""Keys seen before that say nothing about credentials."""

_are_harmless: Final = _harmless.issuperset
_union: Final = frozenset[Any]().union


def has_credentials(objects: Sequence[Object], unread: Sequence[Level], data: bytes) -> bool:
    """Whether one of `objects`, or of those anywhere in the values of `unread`, has a credential under a key.

    `data` is the JSON of all: who wrote it has proved that each key is an exact str, so that looking it up
    runs no code of the user's.
    """
    if unread and (more := data.count(b"{") - len(objects)) > 0:
        objects = [*objects, *_objects_in(unread, more)]
    if not objects:
        return False
    keys = objects[0] if len(objects) == 1 else _union(*objects)
    return not _are_harmless(keys) and CREDENTIALS.is_on and _has_under(_union(keys) - _harmless, objects)


def _has_under(unknown: Set[str], objects: Sequence[Object]) -> bool:
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


def _learn(harmless: Set[str]) -> None:
    if len(harmless) > MAX_LESSON:
        return
    if len(_harmless) > MAX_HARMLESS:
        _harmless.clear()
    _harmless.update(key for key in harmless if len(key) <= MAX_NAME)


def _objects_in(levels: Sequence[Level], most: int) -> list[Object]:
    """The objects anywhere in the values, of which there are at most as many as the JSON has braces."""
    found: list[Object] = []
    level = list(chain.from_iterable(levels))
    while level:
        objects = [child for child in level if kind_of(child) is dict]
        found += objects
        nested: list[Any] = list(objects)
        if len(objects) < len(level):
            nested += [child for child in level if kind_of(child) is list or kind_of(child) is tuple]
        level = get_referents(*nested) if most > len(found) else []
    return found
