"""The walk that turns any value into plain data, within budgets of nodes, depth and time."""

import time
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, cast

import orjson

from spanscore._json._allowance import Allowance
from spanscore._json._guard import unreadable
from spanscore._json._names import kind_of, type_name
from spanscore._json._readers import find_reader, read_set
from spanscore._json._tree import GAP_KEY, Gap, Plain, dump, utf8

MAX_DEPTH: Final = 100
MAX_SECONDS: Final = 0.25

EXACT_BITS: Final = 1023
"""A longer integer is no finite double, which many readers refuse; it becomes a hexadecimal string."""

ATOMS: Final = frozenset({str, int, float, bool, type(None), Gap})


class Walker:
    """Turns one value into plain data.

    Once the time is used up no code of the values' own classes is called any more; builtin data still is
    read, which the number of nodes bounds. Nodes are shared fairly: each container gets a share of them for
    what is below it, and keeps its head and its tail where that is too little.
    """

    __slots__ = ("_deadline", "_described", "_max_nodes", "_path", "_used")

    def __init__(self, *, max_nodes: int, max_seconds: float = MAX_SECONDS) -> None:
        self._max_nodes = max_nodes
        self._deadline = time.monotonic() + max_seconds
        self._used = 0
        self._path: set[int] = set()
        # Values are kept beside their text: an id is reused once its object is gone.
        self._described: dict[int, tuple[Any, str]] = {}

    def walk(self, value: Any) -> Plain:
        """The plain form of `value`; never raises but KeyboardInterrupt."""
        return self._visit(value, 0, self._max_nodes)

    def _visit(self, value: Any, depth: int, share: int) -> Plain:
        if kind_of(value) in ATOMS:
            return atom(value)
        if id(value) in self._path:
            return "[spanscore: cycle]"
        if depth > MAX_DEPTH:
            return f"[spanscore: deeper than {MAX_DEPTH} levels]"
        kind = kind_of(value)
        read = self._object if kind is dict else self._array if kind in (list, tuple) else self._foreign
        self._path.add(id(value))
        try:
            return read(value, depth, share)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  a repr may raise anything, SystemExit included
            return unreadable(value, error)
        finally:
            self._path.discard(id(value))

    def _array(self, items: Sequence[Any], depth: int, share: int) -> Plain:
        hidden = len(items) - share
        if hidden <= 0:
            return self._children(items, depth, share)
        if share < 1:
            return Gap(len(items), "items")
        tail = share // 2
        kept = [*items[: share - tail], *items[len(items) - tail :]]
        plain = self._children(kept, depth, share)
        plain.insert(share - tail, Gap(hidden, "items"))
        return plain

    def _object(self, value: dict[Any, Any], depth: int, share: int) -> Plain:
        hidden = len(value) - share
        if hidden <= 0:
            pairs = list(value.items())
        elif share < 1:
            return Gap(len(value), "keys")
        else:
            tail = share // 2
            last = list(islice(reversed(value.items()), tail))
            pairs = [*islice(value.items(), share - tail), (GAP_KEY, Gap(hidden, "keys")), *reversed(last)]
        children = self._children([item for _, item in pairs], depth, share)
        plain: dict[str, Plain] = {}
        for (key, _), child in zip(pairs, children, strict=True):
            plain[
                key if type(key) is str and key.isascii() and key not in plain else self._key(key, plain)
            ] = child
        return plain

    def _children(self, items: Sequence[Any], depth: int, share: int) -> list[Plain]:
        """The plain forms of a container's items: atoms cost one node each, the others share what is left."""
        end = self._used + share
        self._used += len(items)
        sharers = sum(type(item) not in ATOMS for item in items)
        plain: list[Plain] = []
        for item in items:
            if type(item) in ATOMS:
                plain.append(atom(item))
            else:
                plain.append(self._visit(item, depth + 1, (end - self._used) // sharers))
                sharers -= 1
        return plain

    def _key(self, key: Any, taken: dict[str, Plain]) -> str:
        """The text of a key, made different from those taken already: 1 beside "1" becomes "1 (int)"."""
        plain = atom(key) if type(key) in ATOMS else self._visit(key, 0, 100)
        text = plain if isinstance(plain, str) else dump(plain).decode()
        if text not in taken:
            return text
        text = f"{text} ({type_name(key)})"
        number = 2
        unique = text
        while unique in taken:
            unique = f"{text} {number}"
            number += 1
        return unique

    def _foreign(self, value: Any, depth: int, share: int) -> Plain:
        """A value that is no plain data: it is read into something nearer to it, which is visited instead."""
        known = self._described.get(id(value))
        if known is not None:
            return known[1]
        allowance = Allowance(max(1, share), self._deadline)
        if allowance.is_late:
            return f"[spanscore: {type_name(value)} not read: out of time]"
        reader = find_reader(kind_of(value))
        shape = reader(value, allowance)
        plain = self._visit(shape, depth, share)
        if reader is read_set and isinstance(plain, list):
            plain = sorted(cast("list[Plain]", plain), key=dump)
        if isinstance(plain, str):
            self._described[id(value)] = (value, plain)
        return plain


def atom(value: Any) -> Plain:
    """The plain form of a value of one of the ATOMS."""
    if type(value) is str:
        return utf8(value)
    if type(value) is int and not -(1 << 63) <= value < 1 << 64:
        return orjson.Fragment(b"%d" % value) if value.bit_length() <= EXACT_BITS else hex(value)
    return value
