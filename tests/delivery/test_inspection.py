"""What lies in a spool, looked at without touching it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from shelf import spool_in, update
from spanscore.delivery import Spool, inspect
from spanscore.delivery._acks import take_acknowledgement
from spanscore.delivery._codec import encode_update
from spanscore.delivery._dead_letters import DeadLetters
from spanscore.delivery._frames import Kind, framed
from spanscore.delivery._inspection import Backlog, SpoolReport
from spanscore.delivery._segment import Segment

pytestmark = pytest.mark.core


def segment_in(spool: Spool, count: int, to: Sequence[str]) -> Segment:
    segment = spool.create(to, to)
    for number in range(count):
        data = framed(Kind.UPDATE, encode_update(update(number)))
        os.write(segment.fd, data)
        segment.end += len(data)
    return segment


def test_spool_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert inspect(spool_in(tmp_path)) == SpoolReport(bytes=0, backlogs=[], counts={}, dead_letters={})


def test_what_waits_is_told_by_destination_and_by_whether_somebody_sends_it(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    first = segment_in(spool, 3, ["a", "b"])
    acknowledgement = take_acknowledgement(first.path, "a")
    assert acknowledgement is not None
    acknowledgement.advance(first.read(0, "a").frames[1].start)
    acknowledgement.close()
    first.close()
    living = segment_in(spool, 4, ["b"])
    spool.ledger.add("a", "rejected", 2)
    spool.ledger.write()
    DeadLetters(spool.folder).add("a", "no", update(1))
    files = {path: path.read_bytes() for path in spool.folder.iterdir()}
    created_ns = first.header.created_ns
    assert inspect(spool) == SpoolReport(
        bytes=first.end + living.end,
        backlogs=[
            Backlog(identity="a", of_dead=2, segments=1, oldest_ns=created_ns),
            Backlog(identity="b", of_dead=3, of_living=4, segments=2, oldest_ns=created_ns),
        ],
        counts={"a": {"rejected": 2}},
        dead_letters={"a": 1},
    )
    assert [backlog.records for backlog in inspect(spool).backlogs] == [2, 7]
    assert {path: path.read_bytes() for path in spool.folder.iterdir()} == files
    living.close()


@pytest.mark.parametrize(
    "error", [OSError(5, "Input/output error"), KeyError("source"), ValueError(), TypeError()]
)
def test_segment_that_cannot_be_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    spool = spool_in(tmp_path)
    bad, good = segment_in(spool, 1, ["a"]), segment_in(spool, 2, ["a"])
    bad.close()
    good.close()
    real = Segment._bytes  # pyright: ignore[reportPrivateUsage]

    def read(self: Segment, position: int, most: int) -> bytes:
        if self.path == bad.path:
            raise error
        return real(self, position, most)

    monkeypatch.setattr(Segment, "_bytes", read)
    (backlog,) = inspect(spool).backlogs
    assert (backlog.records, backlog.segments) == (2, 1)
