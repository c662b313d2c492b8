"""The spool: the folder with the segments of all processes that share it."""

import logging
import os
import time
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from spanscore.delivery._acks import Acknowledgement, ack_path, acknowledged, take_acknowledgement
from spanscore.delivery._ledger import Ledger
from spanscore.delivery._log import count_records, record_starts
from spanscore.delivery._segment import SUFFIX, Header, Segment, create_segment, open_segment

_logger = logging.getLogger("spanscore")

PROCESS_BOUND: Final = "exporter:"
"""What the identity of an exporter object begins with: it ends with its process."""

UNREADABLE: Final = (OSError, ValueError, TypeError, LookupError, AttributeError)
"""What reading a damaged segment, or one on a damaged disk, may raise: that of one must not cost others."""


class Spool:
    """Makes segments, finds those that dead processes have left, and keeps the folder within its bounds.

    At most `max_bytes` of segments, none older than `max_age_s` seconds; what that costs is written into the
    ledger, by destination.
    """

    def __init__(self, folder: Path, *, max_bytes: int, max_age_s: float) -> None:
        self.folder = folder
        self.ledger: Ledger = Ledger(folder)
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._complained: set[Path] = set()

    def create(self, destinations: Sequence[str], chosen: Sequence[str]) -> Segment:
        """A new segment of this process. Raises OSError where the folder cannot be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_segment(self.folder, Header.of_this_process(destinations, chosen))

    def paths(self) -> list[Path]:
        """The segments that are there, oldest first."""
        try:
            names = sorted(entry.name for entry in os.scandir(self.folder))
        except OSError:
            return []
        return [self.folder / name for name in names if name.endswith(SUFFIX) and not name.startswith(".")]

    def orphans(self, identity: str) -> Iterator[tuple[Segment, Acknowledgement]]:
        """Segments that dead processes have left for a destination; each is sent by one process alone."""
        for path in self.paths():
            segment = open_segment(path)
            if segment is None:
                continue
            acknowledgement = self._adopted(segment, identity)
            if acknowledgement is None:
                segment.close()
            else:
                yield segment, acknowledgement

    def _adopted(self, segment: Segment, identity: str) -> Acknowledgement | None:
        try:
            self.bury(segment)
            if identity in _waiting(segment):
                return take_acknowledgement(segment.path, identity)
            self.retire(segment)
        except UNREADABLE as error:
            self.complain(segment.path, error)
        return None

    def complain(self, path: Path, error: Exception) -> None:
        """Say once of a segment that it cannot be sent."""
        if path not in self._complained:
            self._complained.add(path)
            _logger.warning("%s cannot be sent now: %s", path, error)

    def retire(self, segment: Segment) -> bool:
        """Remove a finished segment if all its destinations have taken it; True if so."""
        if not segment.is_finished or segment.evicted is not None or any(_waiting(segment)):
            return False
        remove(segment)
        return True

    def bury(self, segment: Segment) -> None:
        """Give up what an orphan holds for exporter objects, which ended with their process."""
        try:
            for identity in tuple(_waiting(segment)):
                if identity.startswith(PROCESS_BOUND):
                    self._give_up(segment, identity)
        except UNREADABLE as error:
            self.complain(segment.path, error)

    def bury_orphans(self) -> None:
        """Give up what all orphans hold for exporter objects, whomever else they are for."""
        for path in self.paths():
            segment = open_segment(path)
            if segment is not None:
                try:
                    self.bury(segment)
                    self.retire(segment)
                except UNREADABLE as error:
                    self.complain(path, error)
                finally:
                    segment.close()

    def _give_up(self, segment: Segment, identity: str) -> None:
        acknowledgement = take_acknowledgement(segment.path, identity)
        if acknowledgement is None:
            return
        try:
            left = count_records(segment, identity, acknowledgement.position)
            self.ledger.add(identity, "exporter_gone", left)
            self.ledger.write()
            acknowledgement.advance(segment.end)
        finally:
            acknowledgement.close()

    def keep_within_bounds(self, own: Sequence[Segment] = ()) -> None:
        """Remove what is too old and the oldest of what is too much; `own` are segments of this process.

        Segments of other living processes are theirs to remove. Nothing else pays for those, nor for files
        that are not to be read here.
        """
        by_path = {segment.path: segment for segment in own}
        sizes = {path: size for path in self.paths() if (size := _size(path)) is not None}
        oldest_ns = time.time_ns() - int(self._max_age_s * 1e9)
        has_old = any(_created_ns(path) < oldest_ns for path in sizes)
        if not has_old and sum(sizes.values()) <= self._max_bytes:
            return
        sizes = {path: size for path, size in sizes.items() if _is_evictable(path, by_path.get(path))}
        total = sum(sizes.values())
        for path, size in sizes.items():
            is_old = _created_ns(path) < oldest_ns
            if is_old or total > self._max_bytes:
                total -= size
                self._evict_at(path, by_path.get(path), "too_old" if is_old else "spool_full")

    def _evict_at(self, path: Path, own: Segment | None, reason: str) -> None:
        segment = own or open_segment(path)
        if segment is None:
            return
        try:
            self._evict(segment, reason)
        except UNREADABLE as error:
            _logger.debug("%s cannot be removed: %s", path, error)
        finally:
            if own is None:
                segment.close()

    def _evict(self, segment: Segment, reason: str) -> None:
        lost: dict[str, tuple[str, Sequence[int]]] = {}
        for identity in segment.header.destinations:
            starts = array("Q", record_starts(segment, identity, acknowledged(segment.path, identity)))
            lost[identity] = reason, starts
        for identity, (_, starts) in lost.items():
            self.ledger.add(identity, reason, len(starts))
        # Before the records are gone, so that no kill loses the count too.
        self.ledger.write()
        segment.evicted = lost
        remove(segment)


def _waiting(segment: Segment) -> Iterator[str]:
    """The destinations that have yet to take some of a segment."""
    for identity in segment.header.destinations:
        if acknowledged(segment.path, identity) < segment.end:
            yield identity


def _is_evictable(path: Path, own: Segment | None) -> bool:
    """Whether this process may remove a segment: its own that is finished, or an orphan that it can read."""
    if own is not None:
        return own.is_finished and own.evicted is None
    segment = open_segment(path)
    if segment is None:
        return False
    segment.close()
    return True


def remove(segment: Segment) -> None:
    """Remove a segment's file, then what is beside it."""
    segment.path.unlink(missing_ok=True)
    for identity in segment.header.destinations:
        ack_path(segment.path, identity).unlink(missing_ok=True)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _created_ns(path: Path) -> int:
    digits = path.name.partition("-")[0]
    return int(digits) if digits.isdigit() else 0
