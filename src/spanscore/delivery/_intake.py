"""From frames to the records that a destination gets: decoded, decided on, without secrets."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from spanscore.attachments import may_hold_media
from spanscore.delivery._attempts import Tally
from spanscore.delivery._codec import decode_span, decode_update
from spanscore.delivery._frames import IN_PARTS, UNDECIDED, Frame, Kind
from spanscore.delivery._log import Log
from spanscore.delivery._media import Media
from spanscore.delivery._progress import Place, Progress
from spanscore.delivery._redaction import Redactor
from spanscore.delivery._tail import TailBuffer
from spanscore.tracing import guard
from spanscore.wire.records import Record, RowUpdate


class _Read(NamedTuple):
    """A record, and as what it is yet to be searched for secrets: its bytes, none if that is done."""

    record: Record
    unsearched: bytes


class Intake:
    """Makes records of frames; what tail sampling has yet to decide on is held back.

    `media` keeps those apart that records have inline, as the destination of that identity wants them.
    """

    def __init__(
        self,
        redactor: Redactor | None,
        tail: TailBuffer[Place] | None,
        media: Media | None = None,
        identity: str = "",
    ) -> None:
        self._redactor = redactor
        self._tail = tail
        self._media = media
        self._identity = identity

    def records(
        self, progress: Progress, frames: Sequence[Frame], tally: Tally, *, now: float
    ) -> list[Record]:
        """The records of frames just read that are to be delivered; others are held, or told in `tally`."""
        ready: list[_Read] = []
        for frame in frames:
            record = _decoded(progress.log, frame)
            if record is None:
                tally.lost["damaged"] += 1
            elif self._tail is None or not progress.is_own or not frame.flags & UNDECIDED:
                ready.append(_Read(record, frame.body))
            elif not isinstance(record, RowUpdate):
                place = progress.hold(frame)
                decision = self._tail.decide(record, place, now)
                if decision is not None:
                    ready += self._decided(*decision, tally)
        return self._prepared(ready, tally)

    def overdue(self, tally: Tally, *, now: float) -> list[Record]:
        """Spans of traces that have waited for their root too long."""
        places = [] if self._tail is None else self._tail.overdue(now)
        return self._prepared(self._kept(places, tally), tally) if places else []

    def undecided(self, tally: Tally) -> list[Record]:
        """All spans that are held back: nothing more can be waited for."""
        places = [] if self._tail is None else self._tail.everything()
        return self._prepared(self._kept(places, tally), tally) if places else []

    def tidy(self) -> None:
        """Remove attachments that nothing can refer to any more."""
        if self._media is not None:
            self._media.folder.sweep()

    def _decided(self, keep: bool, places: Sequence[Place], tally: Tally) -> list[_Read]:  # noqa: FBT001 - the decision
        if keep:
            return self._kept(places, tally)
        for place in places:
            place.progress.release(place)
        tally.left_out["tail_sampled"] += len(places)
        return []

    def _kept(self, places: Iterable[Place], tally: Tally) -> list[_Read]:
        ready: list[_Read] = []
        for place in places:
            frame = place.progress.release(place)
            record = None if frame is None else _decoded(place.progress.log, frame)
            if frame is None or record is None:
                tally.lost["damaged"] += 1
            else:
                ready.append(_Read(record, frame.body))
        return ready

    def _prepared(self, ready: Sequence[_Read], tally: Tally) -> list[Record]:
        """The records with their media apart and without secrets."""
        # One look at all of them: media and secrets are rare.
        data = _joined(ready)
        if self._media is not None and may_hold_media(data):
            ready = [found for each in ready for found in self._apart(each, self._media, tally)]
            data = _joined(ready)
        if self._redactor is not None and self._redactor.may_hold_secret(data):
            return self._redacted(ready, self._redactor, tally)
        return [each.record for each in ready]

    def _apart(self, read: _Read, media: Media, tally: Tally) -> list[_Read]:
        """The record with its media apart, and then without secrets; none if that fails."""
        if not may_hold_media(read.unsearched):
            return [read]
        redact = _unchanged if self._redactor is None else self._redactor.record
        prepared = _attempt(lambda: media.prepared(read.record, self._identity, redact))
        if prepared is None:
            tally.lost["redaction_failed"] += 1
            return []
        return [_Read(prepared, b"")]

    def _redacted(self, ready: Sequence[_Read], redactor: Redactor, tally: Tally) -> list[Record]:
        clean = [
            _attempt(partial(redactor.record, record)) if unsearched else record
            for record, unsearched in ready
        ]
        tally.lost["redaction_failed"] += clean.count(None)
        return [record for record in clean if record is not None]


def _joined(ready: Sequence[_Read]) -> bytes:
    return b"\n".join([each.unsearched for each in ready])


def _attempt(redact: Callable[[], Record]) -> Record | None:
    """The record without secrets; None, which is reported, where that fails: it is not sent as it is."""
    try:
        return redact()
    except Exception as error:  # noqa: BLE001 - one record must not hold up the others
        guard.report("taking secrets out of a record", error)
        return None


def _unchanged(record: Record) -> Record:
    return record


def _decoded(log: Log, frame: Frame) -> Record | None:
    """The record of a frame; None if it cannot be read, which is damage."""
    try:
        if frame.kind == Kind.UPDATE:
            return decode_update(frame.body)
        return decode_span(frame.body, log.sources, is_in_parts=bool(frame.flags & IN_PARTS))
    except (ValueError, KeyError, TypeError, IndexError):
        return None
