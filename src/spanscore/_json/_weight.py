"""About how large plain data is as JSON, told level by level and without running any code of the data."""

from collections.abc import Iterable
from gc import get_referents
from typing import Any, Final, TypeAlias

from spanscore._json._names import kind_of

Object: TypeAlias = dict[Any, Any]
Level: TypeAlias = list[Any]

NARROW: Final = 16
"""So many values in one container, and so"""

SHALLOW: Final = 6
"""many levels of them, are weighed one by one: no other way is as fast for small values."""

DEEP: Final = 250
"""Deepest nesting of plain data; orjson refuses 255."""

SAMPLE: Final = 256
"""Of a level more than three times as wide, so many values are weighed."""

BLOCK: Final = 16
"""They are taken in runs of so many: what stands beside each other differs, and is repeated further on."""

LONG: Final = 1 << 15
"""Text of more characters is worth a look at how to write it."""


def weight(
    value: Any, limit: int, objects: list[Object], unread: list[Level], texts: list[str], depth: int = 0
) -> int:
    """About the least size of plain data as JSON; more than `limit` as soon as that is certain.

    It keeps orjson, which cannot be stopped, from values that would be enormous, among them small graphs
    that unfold into huge trees. Other kinds of values weigh nothing. Objects on the way are added to
    `objects`, long texts to `texts`; of a wide level only a sample is weighed, and the level is added to
    `unread`: it may have more objects in it.
    """
    kind = kind_of(value)
    if kind is dict:
        objects.append(value)
        children = value.values()
    elif kind is list or kind is tuple:
        children = value
    elif kind is not str or len(value) <= LONG:
        return len(value) if kind is str else 0
    else:
        children = (value,)
    total = 2 * len(children)
    if len(children) > NARROW or depth == SHALLOW:
        return total + _weight_of_levels(list(children), limit - total, objects, unread, texts)
    for child in children:
        kind = kind_of(child)
        if kind is str:
            total += len(child)
        elif kind is dict or kind is list or kind is tuple:
            total += weight(child, limit - total, objects, unread, texts, depth + 1)
            if total > limit:
                break
    if total > LONG:
        texts += _long_texts(children)
    return total


def _weight_of_levels(
    level: Level, limit: int, objects: list[Object], unread: list[Level], texts: list[str]
) -> int:
    """The weight of values, level by level."""
    total = 0
    times = 1
    for _ in range(DEEP):
        if len(level) > 3 * SAMPLE:
            unread.append(level)
            objects = []
            unread = []
            times = times * len(level) // SAMPLE
            level = _sample(level)
        nested = _objects(level)
        if nested:
            objects += nested
        else:
            characters = _weigh(level, objects, nested)
            if characters > LONG:
                texts += _long_texts(level)
            total += times * characters
        total += times * 2 * sum(map(len, nested))
        if total > limit or not nested:
            return total
        # One step in C for all: the values of objects whose keys are text, the items of arrays.
        level = get_referents(*nested)
    return limit + 1


def _weigh(level: Level, objects: list[Object], nested: list[Any]) -> int:
    """The number of characters in texts; adds the objects and all containers among the values."""
    total = 0
    for child in level:
        kind = kind_of(child)
        if kind is str:
            total += len(child)
        elif kind is int or kind is float:
            continue
        elif kind is dict:
            objects.append(child)
            nested.append(child)
        elif kind is list or kind is tuple:
            nested.append(child)
    return total


def _long_texts(children: Iterable[Any]) -> list[str]:
    return [child for child in children if kind_of(child) is str and len(child) > LONG]


def _objects(level: Level) -> list[Any]:
    """The values if all are objects, else none."""
    if not level or kind_of(level[0]) is not dict:
        return []
    objects = [child for child in level if kind_of(child) is dict]
    return objects if len(objects) == len(level) else []


def _sample(level: Level) -> list[Any]:
    """SAMPLE values, from all over the level."""
    count = SAMPLE // BLOCK
    starts = [(len(level) - BLOCK) * number // (count - 1) for number in range(count)]
    return [child for start in starts for child in level[start : start + BLOCK]]
