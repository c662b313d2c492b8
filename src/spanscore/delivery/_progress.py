"""How far one destination has got in one log."""

from collections.abc import Callable
from dataclasses import dataclass

from spanscore.delivery._frames import Frame
from spanscore.delivery._log import Chunk, Log, count_records


class Progress:
    """The position of one destination in one log, and what it has left behind that position undecided.

    `is_own` is true for logs of this process. What lies before `start` was settled by another process.
    `acknowledge(position)` makes a position last; `let_go()` ends the work on the log.
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

    @property
    def has_news(self) -> bool:
        """True if there is something to read."""
        return self._position < self.log.end

    @property
    def is_done(self) -> bool:
        """True if all is read and settled, and nothing follows."""
        return self.log.is_finished and not self.has_news and not self._held

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
        """How many records are yet to be read."""
        return count_records(self.log, self._identity, max(self._position, self._start))

    def give_up(self) -> int:
        """Settle all that is left as it is; how many records that were."""
        left = self.left
        self.settle(self.log.end)
        return left

    def hold(self, frame: Frame) -> "Place":
        """Leave a record undecided: it is not acknowledged before it is released."""
        self._held.add(frame.start)
        return Place(self, frame.start, frame.end)

    def release(self, place: "Place") -> Frame | None:
        """The frame of a record that was held and now counts as settled; None if it is gone."""
        self._held.discard(place.start)
        return self.log.frame(place.start, place.end)

    def settle(self, position: int) -> None:
        """Make it last that everything before `position` is settled, but for what is held."""
        self._position = max(self._position, position)
        self._acknowledge(min(self._held, default=self._position))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a held span lies; its bytes are not kept."""

    progress: Progress
    start: int
    end: int
