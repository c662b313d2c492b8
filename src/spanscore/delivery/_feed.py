"""The logs that one destination is sent: those of this process, and what dead processes have left."""

import logging
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from spanscore.delivery._acks import Acknowledgement, acknowledged, take_acknowledgement
from spanscore.delivery._journal import Journal
from spanscore.delivery._log import record_starts
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._progress import Progress
from spanscore.delivery._segment import Segment
from spanscore.delivery._spool import UNREADABLE, Spool

_logger = logging.getLogger("spanscore")
_LOOK_AGAIN_S: Final = 10.0
_MOST_OPEN: Final = 8
"""So many orphans are open at once, each with two descriptors."""


class Feed:
    """Knows what is to be read next, this process's records first, and cleans up what is done."""

    def __init__(self, identity: str, spool: Spool | None, journal: Journal) -> None:
        self.identity = identity
        self._spool = spool
        self._journal = journal
        self._own: deque[Progress] = deque()
        self._orphans: deque[Progress] = deque()
        self._coming: Iterator[tuple[Segment, Acknowledgement]] | None = None
        self._orphans_left = 0
        self._look_at = 0.0

    @property
    def held(self) -> int:
        """Records of this process that wait for the decision on their trace."""
        return sum(progress.held for progress in tuple(self._own))

    @property
    def written(self) -> int:
        """Where the logs of this process end, all together: it grows as records come."""
        return sum(progress.log.end for progress in tuple(self._own))

    @property
    def has_orphans(self) -> bool:
        """True while something that dead processes have left is not sent, or is yet to be looked for."""
        if self._spool is None:
            return False
        # In the order in which the sender's thread goes from one to the next, so that none slips through.
        return self._look_at == 0.0 or self._coming is not None or bool(self._orphans)

    @property
    def has_news(self) -> bool:
        """True if something is to be read."""
        may_open = self._coming is not None and len(self._orphans) < _MOST_OPEN
        return may_open or any(each.has_news for each in (*tuple(self._own), *tuple(self._orphans)))

    def follow(self, log: Segment | MemoryLog) -> None:
        """Read a log of this process too, if it is for this destination and not all taken."""
        if any(progress.log is log for progress in tuple(self._own)):
            return
        if isinstance(log, MemoryLog):
            self._follow_memory(log)
        elif self.identity in log.header.destinations:
            self._follow_segment(log)

    def _follow_segment(self, segment: Segment) -> None:
        if segment.is_finished and acknowledged(segment.path, self.identity) >= segment.end:
            return
        try:
            acknowledgement = take_acknowledgement(segment.path, self.identity)
        except OSError as error:
            _logger.debug("%s cannot be sent to %s now: %s", segment.path, self.identity, error)
            return
        if acknowledgement is not None:
            self._own.append(self._progress(segment, acknowledgement, is_own=True))

    def _follow_memory(self, log: MemoryLog) -> None:
        position = log.join(self.identity)
        if position is not None:
            progress = Progress(
                log,
                self.identity,
                is_own=True,
                acknowledge=partial(log.taken, self.identity),
                let_go=partial(log.leave, self.identity),
            )
            progress.begin_at(position)
            self._own.append(progress)

    def abandon(self) -> None:
        """Close what a forked child has inherited, and touch nothing else: it is the parent's."""
        for progress in (*self._own, *self._orphans):
            progress.let_go()
        self._own.clear()
        self._orphans.clear()
        self._forget_orphans()

    def settle_released(self) -> None:
        """Make it last that what was held back, and is delivered now, is settled."""
        for progress in tuple(self._own):
            progress.settle_released()

    def hold_again(self) -> None:
        """Take back the release of what was not delivered after all: it is left to who comes next."""
        for progress in tuple(self._own):
            progress.hold_again()

    @property
    def orphans_left(self) -> int:
        """Records that dead processes have left and that are not sent yet, as far as they are known.

        Counted when they are adopted: whoever asks, in whatever thread, reads nothing.
        """
        return self._orphans_left

    def next(self) -> Progress | None:
        """The log with something to read; logs that are done are ended."""
        progress = self._next_of(self._own) or self._next_of(self._orphans)
        if progress is None and self._coming is not None:
            self._open_more()
            progress = self._next_of(self._orphans)
        return progress

    def _next_of(self, progresses: deque[Progress]) -> Progress | None:
        for progress in tuple(progresses):
            if progress.has_news:
                return progress
            progress.settle_released()
            if progress.is_done:
                progresses.remove(progress)
                self._end(progress)
        return None

    def set_aside(self, progress: Progress) -> bool:
        """Let go of an orphan that cannot be read until the next look, so that the others come.

        False for what is no orphan, which stays. What is left of it still counts as left.
        """
        if progress not in self._orphans:
            return False
        self._orphans.remove(progress)
        progress.let_go()
        return True

    def look_again(self) -> None:
        """Look for what dead processes have left at the next opportunity."""
        self._look_at = 0.0

    def look_for_orphans(self, now: float) -> None:
        """Find what dead processes have left, and what could not be read before, unless done a moment ago."""
        if self._spool is None or now < self._look_at:
            return
        for segment in self._journal.segments:
            self.follow(segment)
        if self._coming is None and not self._orphans:
            self._orphans_left = 0
            self._coming = self._spool.orphans(self.identity)
        self._look_at = now + _LOOK_AGAIN_S
        self._open_more()

    def _open_more(self) -> None:
        """Adopt more of what the last look has found, up to as many as may be open at once."""
        while self._coming is not None and len(self._orphans) < _MOST_OPEN:
            found = next(self._coming, None)
            if found is None:
                self._coming = None
            else:
                self._adopt(*found)

    def _adopt(self, segment: Segment, acknowledgement: Acknowledgement) -> None:
        try:
            starts = array("Q", record_starts(segment, self.identity, acknowledgement.position))
        except UNREADABLE as error:
            acknowledgement.close()
            segment.close()
            if self._spool is not None:
                self._spool.complain(segment.path, error)
            return
        self._orphans_left += len(starts)
        self._orphans.append(self._progress(segment, acknowledgement, is_own=False, starts=starts))

    def _forget_orphans(self) -> None:
        self._coming = None
        self._orphans_left = 0

    def let_go(self) -> Iterator[Progress]:
        """End the work on all logs; gives those of this process that are not done."""
        self._forget_orphans()
        for progresses in (self._own, self._orphans):
            while progresses:
                progress = progresses.popleft()
                if progress.is_done:
                    self._end(progress)
                    continue
                if progress.is_own:
                    yield progress
                if progress.is_done:
                    self._end(progress)
                else:
                    progress.let_go()

    def _progress(
        self, segment: Segment, acknowledgement: Acknowledgement, *, is_own: bool, starts: Sequence[int] = ()
    ) -> Progress:
        left = len(starts)

        def acknowledge(position: int) -> None:
            nonlocal left
            before, left = left, len(starts) - bisect_left(starts, position)
            self._orphans_left -= before - left
            acknowledgement.advance(position)

        def let_go() -> None:
            acknowledgement.close()
            if not is_own:
                segment.close()

        return Progress(
            segment,
            self.identity,
            is_own=is_own,
            acknowledge=acknowledge,
            let_go=let_go,
            start=acknowledgement.position,
        )

    def _end(self, progress: Progress) -> None:
        segment = progress.log
        try:
            if isinstance(segment, Segment) and self._spool is not None:
                gone = self._spool.retire(segment) or segment.evicted is not None
                if gone and progress.is_own:
                    self._journal.forget(segment)
        finally:
            progress.let_go()
