"""How many cases the providers bear at once, judged by how they answer and whether cases wait."""

import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from time import monotonic, process_time, time
from typing import Final

START: Final = 10
CAP: Final = 100

_REFUSALS: Final = frozenset({429, 503, 529})
_CUT: Final = 0.8
_GROWTH: Final = 1.05
_SHORTEST_WINDOW_S: Final = 1.0
_LONGEST_HOLD_S: Final = 60.0
_BUSY: Final = 0.7
"""Share of one processor from which on cases are thought to compute rather than to wait."""


class Pressure:
    """A number that rises while cases wait and nobody complains, and falls when a provider does.

    It doubles until the first complaint, once each case that may run has ended; from then on it rises by 5 %
    at a time. A 429, 503 or 529 takes a fifth off, once a second or once in the time that the provider asks
    for, until which nothing should begin. Where cases compute instead of waiting more of them would not help,
    and it stays. Every method may be called from any thread.
    """

    def __init__(
        self,
        *,
        start: int = START,
        cap: int = CAP,
        now: Callable[[], float] = monotonic,
        processor: Callable[[], float] = process_time,
    ) -> None:
        self._level = float(start)
        self._cap = cap
        self._now = now
        self._processor = processor
        self._lock = threading.Lock()
        self._was_cut = False
        self._spare_until = self._held_until = 0.0
        self._begin_window()

    @property
    def allowed(self) -> int:
        """How many may run at once."""
        return int(self._level)

    @property
    def held_s(self) -> float:
        """For how many seconds nothing should begin, because a provider asked for that; else 0."""
        return max(0.0, self._held_until - self._now()) if self._held_until else 0.0

    def told(self, status: int | None, headers: Mapping[str, str]) -> None:
        """Take note of how one attempt of a request was answered; `headers` have lower-case names."""
        if status not in _REFUSALS:
            if headers.get("x-ratelimit-remaining-requests") == "0":
                self._is_clear = False
            return
        wait_s = min(retry_after_s(headers), _LONGEST_HOLD_S)
        with self._lock:
            now = self._now()
            self._held_until = max(self._held_until, now + wait_s if wait_s else 0.0)
            self._is_clear = False
            if now >= self._spare_until:
                self._was_cut = True
                self._level = max(1.0, self._level * _CUT)
                self._spare_until = now + max(_SHORTEST_WINDOW_S, wait_s)

    def ended(self, *, is_full: bool) -> None:
        """Take note of the end of one case; `is_full` says that as many ran as may."""
        with self._lock:
            self._ended += 1
            self._was_full = self._was_full or is_full
            if self._ended >= self._level:
                if self._is_clear and self._was_full and self._is_waiting():
                    self._level = min(float(self._cap), self._raised())
                self._begin_window()

    def _raised(self) -> float:
        return max(self._level + 1, self._level * _GROWTH) if self._was_cut else 2 * self._level

    def _is_waiting(self) -> bool:
        busy_s, passed_s = self._processor() - self._busy_before, self._now() - self._window_since
        return busy_s < _BUSY * passed_s

    def _begin_window(self) -> None:
        self._window_since = self._now()
        self._busy_before = self._processor()
        self._ended = 0
        self._is_clear = True
        self._was_full = False


def retry_after_s(headers: Mapping[str, str], now: Callable[[], float] = time) -> float:
    """How long a provider asks to be left alone, in seconds; 0 where it does not say or nobody can read it.

    >>> retry_after_s({"retry-after-ms": "1500", "retry-after": "2"})
    1.5
    """
    milliseconds, seconds = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        return 0.0 if seconds is None else max(0.0, float(seconds))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(seconds or "").timestamp() - now())
    except (ValueError, TypeError):
        return 0.0
