"""From frames to records: decoded, decided on, without secrets."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from finished_spans import finished
from media import PNG, data_uri, reference
from shelf import number_of, update
from spanscore._json import from_json, to_json
from spanscore.attachments import AttachmentFolder
from spanscore.delivery._attempts import Tally
from spanscore.delivery._codec import encode_span, encode_update
from spanscore.delivery._frames import IN_PARTS, UNDECIDED, Kind
from spanscore.delivery._intake import Intake
from spanscore.delivery._media import Media
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._progress import Place, Progress
from spanscore.delivery._redaction import Redactor
from spanscore.delivery._sources import Sources
from spanscore.delivery._tail import TailBuffer, TailSampling

pytestmark = pytest.mark.core
SECRET = "sk-" + "proj-" + "a1B2c3D4" * 8


class Log:
    """A log in memory, its progress, and what an intake makes of it."""

    def __init__(self, intake: Intake, *, is_own: bool = True) -> None:
        self.sources = Sources()
        self.memory = MemoryLog(self.sources, ["a"])
        self.acknowledged = 0
        self.progress = Progress(
            self.memory, "a", is_own=is_own, acknowledge=self._acknowledge, let_go=lambda: None
        )
        self.intake = intake

    def _acknowledge(self, position: int) -> None:
        self.acknowledged = position

    def put(self, record: Any, flags: int = 0) -> None:
        if record is None:
            self.memory.append(Kind.SPAN, flags, b"\xc1")
        elif type(record).__name__ == "RowUpdate":
            self.memory.append(Kind.UPDATE, flags, encode_update(record))
        else:
            parts = encode_span(record, self.sources.number(record))
            flags |= IN_PARTS if len(parts) > 1 else 0
            self.memory.append(Kind.SPAN, flags, b"".join(parts))

    def take(self, now: float = 0.0) -> tuple[list[int], Tally]:
        tally = Tally()
        chunk, frames, _ = self.progress.read()
        records = self.intake.records(self.progress, frames, tally, now=now)
        self.progress.settle(chunk.end)
        return [number_of(record) for record in records], tally


def sampling(rule: TailSampling) -> Intake:
    return Intake(None, TailBuffer[Place](rule))


def child(number: int, **about: Any) -> Any:
    return finished(span_id=number, above=99, **about)


def test_spans_and_updates_are_decoded_and_damage_is_counted() -> None:
    log = Log(Intake(None, None))
    log.put(update(1))
    log.put(finished({"long": to_json("x" * 20_000)}, span_id=2))
    log.put(None)
    log.put(finished(span_id=4))
    assert log.take() == ([1, 2, 4], Tally(lost=Counter(damaged=1)))


def test_span_of_an_unknown_source_is_damage() -> None:
    log = Log(Intake(None, None))
    log.put(finished())
    log.sources.by_number.clear()
    assert log.take() == ([], Tally(lost=Counter(damaged=1)))


def test_undecided_spans_wait_and_are_not_acknowledged_before_their_root_is() -> None:
    log = Log(sampling(TailSampling(slower_than_s=0.5)))
    log.put(child(1), UNDECIDED)
    log.put(update(2))
    log.put(child(3), UNDECIDED)
    assert log.take() == ([2], Tally())
    assert (log.acknowledged, log.progress.held) == (0, 2)
    log.put(finished(span_id=99), UNDECIDED)
    assert log.take()[0] == [1, 3, 99]
    assert (log.acknowledged, log.progress.held) == (4, 0)


def test_trace_that_is_dropped_is_counted_as_left_out() -> None:
    log = Log(sampling(TailSampling()))
    log.put(child(1), UNDECIDED)
    log.put(finished(span_id=99), UNDECIDED)
    log.put(child(3), UNDECIDED)
    assert log.take() == ([], Tally(left_out=Counter(tail_sampled=3)))
    assert log.acknowledged == 3


def test_what_is_not_marked_and_what_others_have_left_is_kept() -> None:
    log = Log(sampling(TailSampling()))
    log.put(finished(span_id=1))
    assert log.take()[0] == [1]
    left = Log(sampling(TailSampling()), is_own=False)
    left.put(child(2), UNDECIDED)
    left.put(finished(span_id=3), UNDECIDED)
    assert left.take()[0] == [2, 3]


def test_what_waits_too_long_and_what_waits_at_the_end_is_kept() -> None:
    log = Log(sampling(TailSampling()))
    log.put(child(1), UNDECIDED)
    log.put(child(2, trace_id=5), UNDECIDED)
    log.take(now=100.0)
    tally = Tally()
    assert log.intake.overdue(tally, now=159.0) == []
    assert len(log.intake.overdue(tally, now=160.0)) == 2
    log.put(child(3, trace_id=6), UNDECIDED)
    log.take(now=170.0)
    assert [number_of(record) for record in log.intake.undecided(tally)] == [3]
    assert (tally, log.intake.undecided(tally)) == (Tally(), [])


def test_held_record_that_is_gone_is_counted() -> None:
    log = Log(sampling(TailSampling()))
    log.put(child(1), UNDECIDED)
    log.take()
    log.memory._frames.clear()  # pyright: ignore[reportPrivateUsage]
    tally = Tally()
    assert log.intake.undecided(tally) == []
    assert tally.lost == Counter(damaged=1)


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize("size", [1, 20_000])
def test_secrets_are_taken_out_of_what_is_sent_at_once_and_of_what_was_held(is_held: bool, size: int) -> None:
    log = Log(Intake(Redactor(), TailBuffer[Place](TailSampling())))
    log.put(child(1, attributes={"note": to_json("x" * size + " " + SECRET)}), UNDECIDED if is_held else 0)
    tally = Tally()
    chunk, frames, _ = log.progress.read()
    records = log.intake.records(log.progress, frames, tally, now=0.0) or log.intake.undecided(tally)
    (span,) = records
    assert SECRET not in str(dict(span.attributes))  # type: ignore[union-attr, arg-type]
    assert chunk.end == 1


def test_media_are_kept_apart_before_secrets_are_looked_for(tmp_path: Path) -> None:
    media = Media(AttachmentFolder(tmp_path, max_bytes=1 << 30, max_age_s=600))
    records: list[Any] = []
    for identity in ("local", "otlp:x"):
        log = Log(Intake(Redactor(), None, media, identity))
        log.put(finished({"braintrust.input_json": to_json([data_uri(PNG, "image/png"), SECRET])}))
        log.put(finished({"braintrust.input_json": to_json([SECRET])}))
        _, frames, _ = log.progress.read()
        records.append(
            [input_of(each) for each in log.intake.records(log.progress, frames, Tally(), now=0.0)]
        )
    image = reference(PNG, "image/png", "image.png")
    assert records == [
        [[image, "<redacted>"], ["<redacted>"]],
        [[data_uri(PNG, "image/png"), "<redacted>"], ["<redacted>"]],
    ]


def input_of(record: Any) -> Any:
    return from_json(record.attributes["braintrust.input_json"])


def test_a_record_with_media_that_cannot_be_cleaned_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Redactor, _record: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(Redactor, "record", broken)
    media = Media(AttachmentFolder(tmp_path, max_bytes=1 << 30, max_age_s=600))
    log = Log(Intake(Redactor(), None, media, "local"))
    log.put(finished({"braintrust.input_json": to_json([data_uri(PNG, "image/png")])}))
    numbers, tally = log.take()
    assert (numbers, tally.lost) == ([], Counter({"redaction_failed": 1}))


def test_a_span_that_was_held_back_has_its_media_kept_too(tmp_path: Path) -> None:
    media = Media(AttachmentFolder(tmp_path, max_bytes=1 << 30, max_age_s=600))
    intake = Intake(None, TailBuffer[Place](TailSampling(rate=1.0)), media, "local")
    log = Log(intake)
    log.put(finished({"braintrust.input_json": to_json([data_uri(PNG, "image/png")])}), UNDECIDED)
    _, frames, _ = log.progress.read()
    (record,) = intake.records(log.progress, frames, Tally(), now=0.0)
    assert input_of(record) == [reference(PNG, "image/png", "image.png")]


def test_tidying_sweeps_what_nobody_needs(tmp_path: Path) -> None:
    folder = AttachmentFolder(tmp_path, max_bytes=1 << 30, max_age_s=600)
    path = tmp_path / folder.put(PNG)
    os.utime(path, (1, 1))
    Intake(None, None).tidy()
    assert path.exists()
    Intake(None, None, Media(folder)).tidy()
    assert not path.exists()
