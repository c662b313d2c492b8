"""Media in values that are too large: they stay whole, because they will be replaced by references."""

import base64
from collections.abc import Callable, Sequence, Set
from typing import Any, Final, TypeAlias, cast

from spanscore._json._names import kind_of
from spanscore._json._tree import Gap, Plain

Find: TypeAlias = Callable[[Plain], Sequence[tuple[Plain, str]]]
"""The media in plain data: for each the value that it was found in, and the text that is the media."""

_NAMES: Final = frozenset({"data", "bytes"})
"""The keys under which bytes may be media."""


class Media:
    """How media are found in this process; by nobody as long as nothing replaces them."""

    def __init__(self) -> None:
        self.find: Find | None = None


MEDIA: Final = Media()


def whole_media(plain: Plain, most: int) -> Set[int]:
    """The identities of what is not to be cut in plain data: media of `most` characters in all.

    Long bytes that are media are written into the data as text.
    """
    written: list[tuple[dict[str, Plain], str, Gap]] = []
    _write_blobs(plain, most, written)
    whole: set[int] = set()
    found: dict[int, tuple[int, list[Plain]]] = {}
    for node, text in () if MEDIA.find is None else MEDIA.find(plain):
        # The same text may stand in several places, and is written in each.
        size, places = found.get(id(text), (0, []))
        found[id(text)] = size + len(text), [*places, node, text]
    for size, places in found.values():
        if size <= most:
            most -= size
            whole.update(map(id, places))
    for parent, key, gap in written:
        if id(parent[key]) not in whole:
            parent[key] = gap
    return whole


def _write_blobs(plain: Plain, most: int, written: list[tuple[dict[str, Plain], str, Gap]]) -> None:
    kind = kind_of(plain)
    if kind is dict:
        for key, child in cast("dict[str, Any]", plain).items():
            if kind_of(child) is Gap and child.blob is not None:
                if key in _NAMES and len(child.blob) <= most:
                    plain[key] = base64.b64encode(child.blob).decode()
                    written.append((plain, key, child))
            else:
                _write_blobs(child, most, written)
    elif kind is list:
        for child in plain:
            _write_blobs(child, most, written)
