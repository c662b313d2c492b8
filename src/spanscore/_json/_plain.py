"""The walk that turns any value into plain data, within budgets of nodes, depth and time."""

import time
from collections.abc import Sequence
from typing import Any, Final, cast

import orjson

from spanscore._json._allowance import Allowance
from spanscore._json._credentials import MAX_NAME, REDACTED, holds_credential
from spanscore._json._foreign import read_attachment
from spanscore._json._guard import attempt, unreadable
from spanscore._json._names import kind_of, type_name
from spanscore._json._readers import READERS, Reader, find_reader, read_set
from spanscore._json._tree import GAP_KEY, Gap, Plain, dump, utf8

MAX_DEPTH: Final = 100
MAX_SECONDS: Final = 0.25
"""The time after which no code of the values' own classes is called any more."""

EXACT_BITS: Final = 1023
"""A longer integer is no finite double, which many readers refuse; it becomes a hexadecimal string."""

FAIR_SIZE: Final = 16
"""A child asks for no more nodes than this when its container decides how many children it can afford."""


class OutOfNodes(Exception):  # noqa: N818  it ends the first walk, which is no error
    """The value has more nodes than may be read."""


class Walker:
    """Turns one value into plain data.

    What has at most `max_nodes` nodes is read whole. Of larger values half as many nodes are read, shared
    fairly: each container gets a share of them for what is below it, and keeps its head and its tail where
    that is too little. Either way the code of a value's own class is called once. With `redact` credentials
    are not read at all; `redacted` is how many were left out. `has_blobs` says that long bytes stand in it as
    gaps.
    """

    __slots__ = (
        "_deadline",
        "_is_fair",
        "_max_nodes",
        "_path",
        "_readers",
        "_redact",
        "_shapes",
        "_used",
        "has_blobs",
        "redacted",
    )

    def __init__(self, *, max_nodes: int, redact: bool = True) -> None:
        self._max_nodes = max_nodes
        self._redact = redact
        self.redacted = 0
        self.has_blobs = False
        self._deadline = time.monotonic() + MAX_SECONDS
        self._is_fair = False
        self._used = 0
        self._path: set[int] = set()
        self._readers: dict[type[Any], Reader] = {}
        # Values are kept beside their shapes: an id is reused once its object is gone.
        self._shapes: dict[int, tuple[Any, Any]] = {}

    def walk(self, value: Any) -> Plain:
        """The plain form of `value`; never raises but KeyboardInterrupt."""
        try:
            return self._visit(value, 0, self._max_nodes)
        except OutOfNodes:
            self._is_fair = True
            self._used = 0
            self.redacted = 0
            return self._visit(value, 0, self._max_nodes // 2)

    def _visit(self, value: Any, depth: int, share: int) -> Plain:
        if is_atom(value):
            return atom(value)
        if id(value) in self._path:
            return "[spanscore: cycle]"
        if depth > MAX_DEPTH:
            return f"[spanscore: deeper than {MAX_DEPTH} levels]"
        kind = kind_of(value)
        is_list = kind is list or kind is tuple
        read = self._object if kind is dict else self._array if is_list else self._foreign
        self._path.add(id(value))
        try:
            return read(value, depth, max(0, share))
        except (KeyboardInterrupt, OutOfNodes):
            raise
        except BaseException as error:  # noqa: BLE001  a repr may raise anything, SystemExit included
            return unreadable(value, error)
        finally:
            self._path.discard(id(value))

    def _array(self, items: Sequence[Any], depth: int, share: int) -> Plain:
        # A copy is made in one step, so that another thread may go on changing the original.
        snapshot = list(items)
        if self._redact and len(snapshot) == 2 and kind_of(snapshot[0]) is bytes:
            # A header as servers and clients pass it along.
            snapshot[1] = self._shown(snapshot[0], snapshot[1])
        kept = self._affordable(self._kept(snapshot, share), share)
        hidden = len(snapshot) - len(kept)
        if hidden and not kept:
            return Gap(hidden, "items")
        plain = self._children(kept, depth, share)
        if hidden:
            plain.insert(len(kept) - len(kept) // 2, Gap(hidden, "items"))
        return plain

    def _object(self, value: dict[Any, Any], depth: int, share: int) -> Plain:
        items = list(value.copy().items())
        if self._redact:
            items = [(key, self._shown(key, item)) for key, item in items]
        kept = self._kept(items, share)
        count = len(self._affordable([item for _, item in kept], share))
        hidden = len(items) - count
        if hidden and not count:
            return Gap(hidden, "keys")
        if hidden:
            kept = ends(kept, count)
            kept.insert(count - count // 2, (GAP_KEY, Gap(hidden, "keys")))
        return self._keyed(kept, self._children([item for _, item in kept], depth, share))

    def _shown(self, key: object, item: Any) -> Any:
        """The item under a key that is text or bytes, or what is shown instead of a credential."""
        kind = kind_of(key)
        if kind is str:
            name = cast("str", key)
        elif kind is bytes:
            name = cast("bytes", key)[-MAX_NAME:].decode("latin-1")
        else:
            return item
        if not holds_credential(name, item):
            return item
        self.redacted += 1
        return REDACTED

    def _kept(self, items: list[Any], share: int) -> list[Any]:
        """The items, or as many from both ends as a container may keep at most; that ends the first walk."""
        if len(items) <= share:
            return items
        if not self._is_fair:
            raise OutOfNodes
        return ends(items, share)

    def _affordable(self, children: list[Any], share: int) -> list[Any]:
        """As many of the children, from both ends, as a share of nodes allows."""
        if not self._is_fair:
            return children
        asked = len(children) + sum(map(_asked, children))
        if asked <= share:
            return children
        return ends(children, max(min(share, 2), share * len(children) // asked))

    def _children(self, items: Sequence[Any], depth: int, share: int) -> list[Plain]:
        """The plain forms of a container's items: atoms cost one node each, the others share what is left."""
        end = self._used + share
        self._used += len(items)
        sharers = len(items) - sum(map(is_atom, items))
        plain: list[Plain] = []
        for item in items:
            if is_atom(item):
                plain.append(atom(item))
            else:
                room = end - self._used
                plain.append(self._visit(item, depth + 1, room // sharers if self._is_fair else room))
                sharers -= 1
        return plain

    def _keyed(self, items: Sequence[tuple[Any, Any]], children: Sequence[Plain]) -> dict[str, Plain]:
        plain: dict[str, Plain] = {}
        for (key, _), child in zip(items, children, strict=True):
            if kind_of(key) is str and key.isascii() and key not in plain:
                plain[key] = child
            else:
                text = self._key(key, plain)
                # Only now is it known what a key that is no plain text says.
                plain[text] = self._shown(text, child) if self._redact else child
        return plain

    def _key(self, key: Any, taken: dict[str, Plain]) -> str:
        """The text of a key, made different from those taken already: 1 beside "1" becomes "1 (int)"."""
        plain = self._visit(key, 0, FAIR_SIZE)
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
        reader = self._reader(kind_of(value))
        known = self._shapes.get(id(value))
        if known is None:
            allowance = Allowance(max(1, min(share, self._max_nodes // 2)), self._deadline)
            # What is builtin itself runs no code of the user's, and is bounded by the number of nodes.
            if allowance.is_late and reader is not read_attachment and kind_of(value) not in READERS:
                return f"[spanscore: {type_name(value)} not read: out of time]"
            known = self._shapes[id(value)] = (value, attempt(value, reader, value, allowance))
        plain = self._visit(known[1], depth, share)
        if kind_of(plain) is Gap:
            self.has_blobs = self.has_blobs or plain.blob is not None
        if reader is read_set and isinstance(plain, list):
            plain = sorted(cast("list[Plain]", plain), key=dump)
        return plain

    def _reader(self, kind: type[Any]) -> Reader:
        reader = self._readers.get(kind)
        if reader is None:
            reader = self._readers[kind] = find_reader(kind)
        return reader


def is_atom(value: object) -> bool:
    """True of what has nothing below it. By identity: the hash of a class may be user code, and raise."""
    kind = kind_of(value)
    return kind is str or kind is int or kind is float or kind is bool or value is None or kind is Gap


def _asked(child: Any) -> int:
    """The nodes below a child, as far as that is known without reading it."""
    if is_atom(child):
        return 0
    kind = kind_of(child)
    return min(FAIR_SIZE, len(child)) if kind is dict or kind is list or kind is tuple else 4


def atom(value: Any) -> Plain:
    """The plain form of an atom."""
    kind = kind_of(value)
    if kind is str:
        return utf8(value)
    if kind is int and not -(1 << 63) <= value < 1 << 64:
        return orjson.Fragment(b"%d" % value) if value.bit_length() <= EXACT_BITS else hex(value)
    return value


def ends(items: Sequence[Any], count: int) -> list[Any]:
    """The first and the last items, `count` in all."""
    tail = count // 2
    return [*items[: count - tail], *items[len(items) - tail :]]
