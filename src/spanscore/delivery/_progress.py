"""How far one destination has got in one log."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from spanscore.delivery._frames import Frame
from spanscore.delivery._log import Chunk, Log, count_records

_logger = logging.getLogger("spanscore")


class Progress:
    """The position of one destination in one log, and what it has left behind that position undecided.

    `is_own` is true for logs of this process. What lies before `start` was settled by another process; it
    is read for the sources in it. `acknowledge(position)` makes a position last; `let_go()` ends the work on
    the log.
    """

    def __init__(
        self,
        log: Log,
        identity: str,
        *,
        is_own: bool,
        acknowledge: Callable[[int], None],
        let_go: Callable[[], None],
        start: int = 0,
    ) -> None:
        self.log = log
        self.is_own = is_own
        self.let_go = let_go
        self._identity = identity
        self._acknowledge = acknowledge
        self._start = start
        self._position = 0
        self._held: set[int] = set()
        self._released: set[int] = set()
        self._is_owed = False

    def begin_at(self, position: int) -> None:
        """Read nothing before `position`, which nobody here has to settle."""
        self._position = position

    @property
    def has_news(self) -> bool:
        """True if there is something to read."""
        return self._position < self.log.end

    @property
    def is_done(self) -> bool:
        """True if all is read and settled, and nothing follows."""
        return self.log.is_finished and not self.has_news and not self._held and not self._is_owed

    @property
    def held(self) -> int:
        """How many records are left undecided."""
        return len(self._held)

    def read(self) -> tuple[Chunk, list[Frame], int]:
        """What comes next: the chunk, its frames that are for this destination, and how many are not."""
        chunk = self.log.read(self._position, self._identity)
        frames = [frame for frame in chunk.frames if frame.start >= self._start]
        wanted = [frame for frame in frames if self.log.gives(self._identity, frame)]
        return chunk, wanted, len(frames) - len(wanted)

    @property
    def left(self) -> int:
        """How many records are not settled."""
        unread = count_records(self.log, self._identity, max(self._position, self._start))
        return unread + len(self._held)

    def give_up(self) -> None:
        """Settle all that is left as it is."""
        self._released |= self._held
        self.settle(self.log.end)

    def hold(self, frame: Frame) -> "Place":
        """Leave a record undecided: it is not acknowledged before it is released."""
        self._held.add(frame.start)
        return Place(self, frame.start, frame.end)

    def release(self, place: "Place") -> Frame | None:
        """The frame of a record that was held; None if it is gone.

        It is acknowledged with what is settled next: until then it may still be lost on its way.
        """
        self._released.add(place.start)
        return self.log.frame(place.start, place.end)

    def settle(self, position: int) -> None:
        """Make it last that everything before `position` is settled, but for what is held."""
        self._position = max(self._position, position)
        self._make_last()

    def settle_released(self) -> None:
        """Make it last that what was released is settled too, and whatever could not be written before."""
        if self._released or self._is_owed:
            self._make_last()

    def hold_again(self) -> None:
        """What was released was not delivered after all."""
        self._released.clear()

    def _make_last(self) -> None:
        self._held -= self._released
        self._released.clear()
        try:
            self._acknowledge(min(self._held, default=self._position))
            self._is_owed = False
        except OSError as error:
            self._is_owed = True
            _logger.debug("%s: what was taken cannot be remembered now: %s", self._identity, error)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a held span lies; its bytes are not kept."""

    progress: Progress
    start: int
    end: int
