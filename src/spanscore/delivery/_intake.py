"""From frames to the records that a destination gets: decoded, decided on, without secrets."""

from collections.abc import Iterable, Sequence

from spanscore.delivery._attempts import Tally
from spanscore.delivery._codec import decode_span, decode_update
from spanscore.delivery._frames import IN_PARTS, UNDECIDED, Frame, Kind
from spanscore.delivery._log import Log
from spanscore.delivery._progress import Place, Progress
from spanscore.delivery._redaction import Redactor
from spanscore.delivery._tail import TailBuffer
from spanscore.tracing import guard
from spanscore.wire.records import Record, RowUpdate


class Intake:
    """Makes records of frames; what tail sampling has yet to decide on is held back."""

    def __init__(self, redactor: Redactor | None, tail: TailBuffer[Place] | None) -> None:
        self._redactor = redactor
        self._tail = tail

    def records(
        self, progress: Progress, frames: Sequence[Frame], tally: Tally, *, now: float
    ) -> list[Record]:
        """The records of frames just read that are to be delivered; others are held, or told in `tally`."""
        records: list[Record] = []
        for frame in frames:
            record = _decoded(progress.log, frame)
            if record is None:
                tally.lost["damaged"] += 1
            elif self._tail is None or not progress.is_own or not frame.flags & UNDECIDED:
                records.append(record)
            elif not isinstance(record, RowUpdate):
                place = progress.hold(frame)
                decision = self._tail.decide(record, place, now)
                if decision is not None:
                    records += self._decided(*decision, tally)
        return self._redacted(records, frames, tally)

    def overdue(self, tally: Tally, *, now: float) -> list[Record]:
        """Spans of traces that have waited for their root too long."""
        places = [] if self._tail is None else self._tail.overdue(now)
        return self._kept(places, tally) if places else []

    def undecided(self, tally: Tally) -> list[Record]:
        """All spans that are held back: nothing more can be waited for."""
        places = [] if self._tail is None else self._tail.everything()
        return self._kept(places, tally) if places else []

    def _decided(self, keep: bool, places: Sequence[Place], tally: Tally) -> list[Record]:  # noqa: FBT001 - the decision
        if keep:
            return self._kept(places, tally)
        for place in places:
            place.progress.release(place)
        tally.left_out["tail_sampled"] += len(places)
        return []

    def _kept(self, places: Iterable[Place], tally: Tally) -> list[Record]:
        frames = [(place.progress.log, place.progress.release(place)) for place in places]
        read = [None if frame is None else _decoded(log, frame) for log, frame in frames]
        records = [record for record in read if record is not None]
        tally.lost["damaged"] += len(read) - len(records)
        return self._redacted(records, [frame for _, frame in frames if frame is not None], tally)

    def _redacted(self, records: list[Record], frames: Iterable[Frame], tally: Tally) -> list[Record]:
        redactor = self._redactor
        # One look at all of them: secrets are rare.
        if redactor is None or not redactor.may_hold_secret(b"\n".join(frame.body for frame in frames)):
            return records
        clean = [each for record in records if (each := _clean(redactor, record)) is not None]
        tally.lost["redaction_failed"] += len(records) - len(clean)
        return clean


def _clean(redactor: Redactor, record: Record) -> Record | None:
    """The record without secrets; None, which is reported, where that fails: it is not sent as it is."""
    try:
        return redactor.record(record)
    except Exception as error:  # noqa: BLE001 - one record must not hold up the others
        guard.report("taking secrets out of a record", error)
        return None


def _decoded(log: Log, frame: Frame) -> Record | None:
    """The record of a frame; None if it cannot be read, which is damage."""
    try:
        if frame.kind == Kind.UPDATE:
            return decode_update(frame.body)
        return decode_span(frame.body, log.sources, is_in_parts=bool(frame.flags & IN_PARTS))
    except (ValueError, KeyError, TypeError, IndexError):
        return None
