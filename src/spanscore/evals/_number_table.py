"""A table from numbers to small numbers, for any number of them in little memory."""

from array import array
from typing import Final

_SMALLEST: Final = 1024
_MOST_FILLED: Final = 0.8


class NumberTable:
    """Maps 64-bit numbers to 32-bit ones in 15 to 30 bytes an entry, where a dict would take 150.

    Open addressing over two arrays. Keys are best hashes: of each the lowest bits choose its place. 0 is
    taken for 1.
    """

    __slots__ = ("_keys", "_used", "_values")

    def __init__(self) -> None:
        self._keys = array("Q", bytes(8 * _SMALLEST))
        self._values = _zeros(_SMALLEST)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def get(self, key: int) -> int | None:
        """The value of `key`, None if it has none."""
        place = self._place(key or 1)
        return self._values[place] if self._keys[place] else None

    def set(self, key: int, value: int) -> None:
        """Give `key` a value, a new one if it has one."""
        number = key or 1  # 0 is an empty place
        place = self._place(number)
        if not self._keys[place]:
            self._keys[place] = number
            self._used += 1
        self._values[place] = value
        if self._used > _MOST_FILLED * len(self._keys):
            self._grow()

    def _place(self, number: int) -> int:
        keys = self._keys
        mask = len(keys) - 1
        place = number & mask
        while keys[place] and keys[place] != number:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._keys = array("Q", bytes(2 * keys.itemsize * len(keys)))
        self._values = _zeros(2 * len(values))
        for number, value in zip(keys, values, strict=True):
            if number:
                place = self._place(number)
                self._keys[place] = number
                self._values[place] = value


def _zeros(count: int) -> "array[int]":
    empty = array("I")
    empty.frombytes(bytes(empty.itemsize * count))
    return empty
