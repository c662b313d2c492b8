"""Plain data cut so that its JSON fits into a number of bytes, keeping as much of it as that allows."""

from collections.abc import Iterable, Sequence, Set
from typing import Final, TypeAlias

import orjson

from spanscore._json._allowance import Budget
from spanscore._json._names import kind_of
from spanscore._json._tree import GAP_KEY, Gap, Plain, dump

Entry: TypeAlias = tuple[str | None, Plain]
"""A child of a container with its key; None in a list."""

LEAST: Final = 8
"""Bytes below which nothing is cut to size: room for a quoted ellipsis."""

MAX_KEY: Final = 256
"""Bytes that a key keeps in an object that does not fit."""


AROUND: Final = 1 << 12
"""A value of more bytes besides the media in it is cut like any other."""


def fit(plain: Plain, max_bytes: int, *, must_look: bool = False) -> bytes:
    """The JSON of `plain` in at most `max_bytes` bytes: heads and tails, and a note where something is cut.

    Each container gives its children what they need, or where that is too much an equal part of what there
    is; where even that would be scraps, the children in the middle go. Media that the budget allows stay
    whole; `must_look` says that there may be some that are still bytes.
    """
    cutter = _Cutter(max_bytes)
    most_media = max_bytes.media if isinstance(max_bytes, Budget) else 0
    if most_media and (must_look or cutter.size(plain) > max_bytes):
        # Few programs ever record so much.
        from spanscore._json._media import whole_media  # noqa: PLC0415

        cutter = _Cutter(max_bytes, whole_media(plain, most_media))
    if cutter.size(plain) <= max_bytes:
        return dump(plain)
    if max_bytes >= LEAST:
        return dump(cutter.cut(plain, max_bytes))
    return b"null" if max_bytes >= 4 else b'""' if max_bytes >= 2 else b"0"


def cut_text(text: str, budget: int) -> str:
    """Head and tail of `text` around a note, in at most `budget` bytes of JSON, which are LEAST or more."""
    room = budget - 2
    note = f"…[spanscore: {len(text):,} characters cut]…"
    is_tight = room < 4 * len(note)
    half = (room - _inner_size("…" if is_tight else note)) // 2
    head, tail = _head(text, half), _head(text[: -half - 1 : -1], half)[::-1]
    cut = len(text) - len(head) - len(tail)
    return f"{head}{'…' if is_tight else f'…[spanscore: {cut:,} characters cut]…'}{tail}"


def _head(text: str, room: int) -> str:
    """The beginning of `text`, in at most `room` bytes within its quotes."""
    part = text[:room]
    while (size := _inner_size(part)) > room:
        part = part[: len(part) * room // size]
    return part


def _inner_size(text: str) -> int:
    return len(orjson.dumps(text)) - 2


class _Cutter:
    """Sizes of the parts of one tree, and the cutting that goes by them."""

    def __init__(self, max_bytes: int, whole: Set[int] = frozenset()) -> None:
        self._max_bytes = max_bytes
        self._whole = whole
        self._sizes: dict[int, int] = {}

    def size(self, plain: Plain) -> int:
        """The bytes of the JSON; of a string that cannot fit anyway, some number that is too large too."""
        kind = kind_of(plain)
        if kind is str:
            if len(plain) > self._max_bytes or id(plain) in self._whole:
                return 2 if id(plain) in self._whole else len(plain) + 2
            return _inner_size(plain) + 2
        if kind is Gap:
            return len(plain.text) + 2
        if kind is not list and kind is not dict:
            return len(dump(plain))
        known = self._sizes.get(id(plain))
        if known is None:
            overhead = len(plain) if kind is list else sum(map(_overhead, plain))
            children = sum(map(self.size, plain if kind is list else plain.values()))
            known = self._sizes[id(plain)] = 1 + max(1, overhead + children)
        return known

    def cut(self, plain: Plain, budget: int) -> Plain:
        """`plain` in at most `budget` bytes, which are LEAST or more."""
        if self.size(plain) <= budget or self._is_whole(plain):
            return plain
        kind = kind_of(plain)
        if kind is str:
            return cut_text(plain, budget)
        if kind is list:
            entries = self._cut_entries([(None, item) for item in plain], "items", budget)
            return [child for _, child in entries] or "…"
        if kind is dict:
            return dict(self._cut_entries(_short_keys(plain), "keys", budget)) or "…"
        return "…" if kind is Gap else cut_text(dump(plain).decode(), budget)

    def _is_whole(self, plain: Plain) -> bool:
        """Whether it is media, or a small value that has some: only as a whole it will be known as such."""
        return id(plain) in self._whole and self.size(plain) <= AROUND

    def _cut_entries(self, entries: list[Entry], noun: str, budget: int) -> list[Entry]:
        """Entries of a container in `budget` bytes, brackets included; none where not even the note fits."""
        room = budget - 1
        least = max(LEAST, min(1024, budget // 16))
        costs = [_overhead(key) + self._cost(child, least) for key, child in entries]
        if sum(costs) > room:
            entries = _ends(entries, costs, noun, room)
        room -= sum(_overhead(key) for key, _ in entries)
        children = self._shared([child for _, child in entries], room)
        return [(key, child) for (key, _), child in zip(entries, children, strict=True)]

    def _cost(self, child: Plain, least: int) -> int:
        """The bytes that keeping a child takes at least; notes of what is missing stay whole, and media."""
        size = self.size(child)
        return size if kind_of(child) is Gap or self._is_whole(child) else min(size, least)

    def _shared(self, children: Sequence[Plain], room: int) -> list[Plain]:
        """The children in `room` bytes: the small ones whole, the others cut to equal sizes."""
        result = list(children)
        gaps = [index for index, child in enumerate(result) if kind_of(child) is Gap or self._is_whole(child)]
        room -= sum(self.size(result[index]) for index in gaps)
        others = sorted(set(range(len(result))).difference(gaps), key=lambda index: self.size(result[index]))
        for done, index in enumerate(others):
            result[index] = self.cut(result[index], room // (len(others) - done))
            room -= self.size(result[index])
        return result


def _overhead(key: str | None) -> int:
    """The bytes that an entry takes beside its value: a comma, and for a key its quotes and colon."""
    return 1 if key is None else _inner_size(key) + 4


def _ends(entries: list[Entry], costs: list[int], noun: str, room: int) -> list[Entry]:
    """The first and last entries that fit into `room`, and between them a note of how many do not."""
    gap_key = GAP_KEY if noun == "keys" else None
    room -= _overhead(gap_key) + 2 + len(_gap([child for _, child in entries], noun).text)
    if room < 0:
        return []
    head = tail = 0
    while head + tail < len(entries):
        cost = costs[head] if head <= tail else costs[-tail - 1]
        if cost > room:
            break
        room -= cost
        head, tail = (head + 1, tail) if head <= tail else (head, tail + 1)
    middle = [child for _, child in entries[head : len(entries) - tail]]
    return [*entries[:head], (gap_key, _gap(middle, noun)), *entries[len(entries) - tail :]]


def _gap(children: Iterable[Plain], noun: str) -> Gap:
    """One note in place of `children`, notes among which count for what they stand for."""
    counts = [child.count if type(child) is Gap else 1 for child in children]
    return Gap(None if None in counts else sum(count or 0 for count in counts), noun)


def _short_keys(plain: dict[str, Plain]) -> list[Entry]:
    """The entries of an object with long keys cut, still unique."""
    entries: dict[str, Plain] = {}
    for number, (key, child) in enumerate(plain.items()):
        short = key if _inner_size(key) <= MAX_KEY else cut_text(key, MAX_KEY)
        entries[short if short not in entries else f"{short} ({number})"] = child
    return list(entries.items())
