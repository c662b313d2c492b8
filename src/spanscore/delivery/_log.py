"""What a sender reads: finished spans as frames, in the order in which they ended."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from spanscore.delivery._frames import Frame
from spanscore.delivery._sources import Source

MOST_RECORDS: Final = 500
MOST_BYTES: Final = 4 << 20
"""What is read, and sent, at once; a single larger record goes alone."""


@dataclass(slots=True)
class Chunk:
    """Frames read at once: spans and updates only. `end` is the position behind them.

    `lost` are records that were to be read there and are gone, by reason.
    """

    frames: list[Frame]
    end: int
    lost: dict[str, int] = field(default_factory=dict[str, int])


class Log(Protocol):
    """Frames at positions. Read from several threads; each keeps its own position."""

    @property
    def sources(self) -> Mapping[int, Source]:
        """The sources met so far, by number."""
        ...

    @property
    def end(self) -> int:
        """The position behind what is written so far."""
        ...

    @property
    def is_finished(self) -> bool:
        """True if nothing will be written any more."""
        ...

    def gives(self, identity: str, frame: Frame) -> bool:
        """Whether a record is for the destination of that identity."""
        ...

    def read(self, position: int, identity: str) -> Chunk:
        """Frames from `position` on, as many as are sent at once; none if there is nothing yet.

        `identity` is who asks: what was lost meanwhile is told to each.
        """
        ...

    def frame(self, start: int, end: int) -> Frame | None:
        """One frame that was read before; None if it is gone."""
        ...


def count_records(log: Log, identity: str, position: int) -> int:
    """How many records behind `position` a destination has yet to take."""
    return sum(1 for _ in record_starts(log, identity, position))


def record_starts(log: Log, identity: str, position: int) -> Iterator[int]:
    """Where the records behind `position` begin that a destination has yet to take."""
    while True:
        chunk = log.read(position, identity)
        if chunk.end == position:
            return
        position = chunk.end
        yield from (frame.start for frame in chunk.frames if log.gives(identity, frame))
