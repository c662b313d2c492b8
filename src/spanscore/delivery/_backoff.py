"""How long to wait before the next attempt."""

from random import Random
from typing import Final

_FIRST_S: Final = 0.5
_MOST_S: Final = 30.0
# Of its own: the program may have seeded the global one, and must not find it advanced.
_random = Random()


class Backoff:
    """Waits that double up to half a minute, each cut by up to a half at random: clients spread out."""

    def __init__(self, *, first_s: float = _FIRST_S, most_s: float = _MOST_S) -> None:
        self._next_s = first_s
        self._most_s = most_s

    def next_s(self) -> float:
        """Seconds to wait this time."""
        wait_s = self._next_s
        self._next_s = min(self._most_s, 2 * wait_s)
        return wait_s * (0.5 + _random.random() / 2)
