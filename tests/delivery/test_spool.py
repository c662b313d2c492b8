"""The spool: what dead processes have left reaches its own destination, once, and the folder stays small."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from shelf import DAY_S, Shelf, rest_in, spool_in, update
from spanscore.delivery import Outbox, OutboxOptions, Spool
from spanscore.delivery._acks import ack_path, acknowledged, take_acknowledgement
from spanscore.delivery._codec import encode_update
from spanscore.delivery._frames import Kind, framed
from spanscore.delivery._segment import Segment

pytestmark = pytest.mark.core
DAY_NS = int(DAY_S * 1e9)


def segment_in(spool: Spool, *numbers: int, to: Sequence[str] = ("a",), size: int = 1) -> Segment:
    """A segment of this process with an update of each number."""
    segment = spool.create(to, to)
    for number in numbers:
        data = framed(Kind.UPDATE, encode_update(update(number, size)))
        os.write(segment.fd, data)
        segment.end += len(data)
    return segment


def left_in(spool: Spool, *numbers: int, to: Sequence[str] = ("a",), size: int = 1) -> Path:
    """The segment of a process that is dead."""
    segment = segment_in(spool, *numbers, to=to, size=size)
    segment.close()
    return segment.path


def drained(spool: Spool, *identities: str) -> list[list[int]]:
    shelves = [Shelf(identity) for identity in identities]
    outbox = Outbox(shelves, OutboxOptions(spool=spool))
    assert outbox.flush(30).waiting == 0
    outbox.close()
    return [shelf.taken for shelf in shelves]


def test_two_keys_and_one_home_and_nothing_crosses(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    first, second = "braintrust:https://x#aaaa", "braintrust:https://x#bbbb"
    left_in(spool, 1, 2, to=[first])
    left_in(spool, 3, to=[second])
    left_in(spool, 4, to=[first, second])
    assert drained(spool, "local", "braintrust:https://x#") == [[], []]
    assert drained(spool, second) == [[3, 4]]
    assert len(spool.paths()) == 2
    assert drained(spool, first) == [[1, 2, 4]]
    assert rest_in(spool) == []


def test_segment_goes_when_all_have_taken_it_and_the_last_may_come_much_later(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    path = left_in(spool, 1, 2, to=["a", "b"])
    assert drained(spool, "a") == [[1, 2]]
    assert drained(spool, "a") == [[]]
    assert path.exists()
    assert drained(spool, "a", "b") == [[], [1, 2]]
    assert rest_in(spool) == []


def test_sending_goes_on_where_it_was_acknowledged(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    segment = segment_in(spool, 1, 2, 3)
    second = segment.read(0, "a").frames[1]
    acknowledgement = take_acknowledgement(segment.path, "a")
    assert acknowledgement is not None
    acknowledgement.advance(second.start)
    acknowledgement.close()
    segment.close()
    assert drained(spool, "a") == [[2, 3]]


def test_segment_that_another_sends_is_left_to_it(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    path = left_in(spool, 1)
    held = take_acknowledgement(path, "a")
    assert held is not None
    assert list(spool.orphans("a")) == []
    held.close()
    ((segment, acknowledgement),) = spool.orphans("a")
    assert segment.path == path
    acknowledgement.close()
    segment.close()


def test_segment_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    segment = segment_in(spool, 1)
    assert drained(spool_in(tmp_path), "a") == [[]]
    segment.close()
    assert drained(spool, "a") == [[1]]


DRAIN = """
import sys
from pathlib import Path
from spanscore.delivery import Outbox, OutboxOptions, Spool
from spanscore.wire.seams import Receipt
class Printer:
    identity = "a"
    def deliver(self, records):
        print(*[record.span_id for record in records], flush=True)
        return Receipt()
    def close(self):
        pass
spool = Spool(Path(sys.argv[1]), max_bytes=1 << 30, max_age_s=1e9)
outbox = Outbox([Printer()], OutboxOptions(spool=spool))
input()
outbox.flush(30)
"""


def test_two_processes_at_once_send_each_record_once(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    for first in range(0, 400, 10):
        left_in(spool, *range(first, first + 10))
    command = [sys.executable, "-c", DRAIN, str(spool.folder)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    said = b" ".join(process.communicate(timeout=60)[0] for process in processes)
    assert sorted(map(int, said.split())) == list(range(400))
    assert spool.paths() == []


def test_what_dead_processes_had_for_exporter_objects_is_counted_by_whoever_comes(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    gone = "exporter:Mine#1234-1"
    left_in(spool, 1, 2, to=[gone, "a"])
    left_in(spool, 3, to=[gone])
    assert drained(spool, "a") == [[1, 2]]
    assert spool.ledger.totals()[gone] == {"exporter_gone": 3}
    assert rest_in(spool) == []
    assert drained(spool, "a") == [[]]
    assert spool.ledger.totals()[gone] == {"exporter_gone": 3}


def test_files_that_are_none_of_ours_are_left_alone(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    assert spool.paths() == []
    spool.folder.mkdir()
    for name in ("note.txt", ".hidden.spool", "1-1-1.spool"):
        (spool.folder / name).write_text("theirs")
    left_in(spool, 1)
    assert drained(spool, "a") == [[1]]
    spool.keep_within_bounds()
    Spool(spool.folder, max_bytes=0, max_age_s=0).keep_within_bounds()
    assert sorted(path.name for path in spool.folder.iterdir()) == [
        ".hidden.spool",
        "1-1-1.spool",
        "note.txt",
    ]


def test_oldest_go_first_when_there_is_too_much(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    paths = [left_in(spool, number, number + 1, size=400, to=["a", "b"]) for number in (10, 20, 30, 40)]
    spool = spool_in(tmp_path, max_bytes=sum(path.stat().st_size for path in paths[2:]))
    spool.keep_within_bounds()
    assert spool.paths() == paths[2:]
    assert spool.ledger.totals() == {"a": {"spool_full": 4}, "b": {"spool_full": 4}}
    assert drained(spool, "a") == [[30, 31, 40, 41]]


def test_what_a_destination_has_taken_is_not_lost_to_it(tmp_path: Path) -> None:
    spool = spool_in(tmp_path, max_bytes=0)
    segment = segment_in(spool, 1, 2, to=["a", "b"])
    acknowledgement = take_acknowledgement(segment.path, "a")
    assert acknowledgement is not None
    acknowledgement.advance(segment.read(0, "a").frames[1].start)
    acknowledgement.close()
    segment.close()
    spool.keep_within_bounds()
    assert spool.ledger.totals() == {"a": {"spool_full": 1}, "b": {"spool_full": 2}}
    assert rest_in(spool) == []


def test_what_is_too_old_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = spool_in(tmp_path, max_age_s=7 * DAY_S)
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now - 8 * DAY_NS)
    old = left_in(spool, 1, 2)
    monkeypatch.setattr(time, "time_ns", lambda: now - 6 * DAY_NS)
    young = left_in(spool, 3)
    monkeypatch.undo()
    spool.keep_within_bounds()
    assert (old.exists(), young.exists()) == (False, True)
    assert spool.ledger.totals() == {"a": {"too_old": 2}}


def test_bounds_are_kept_by_every_process_that_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_in(tmp_path)
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    left_in(spool, 1, to=["elsewhere"])
    monkeypatch.undo()
    outbox = Outbox([Shelf("a")], OutboxOptions(spool=spool))
    outbox.put(update(2))
    outbox.close()
    assert spool.ledger.totals()["elsewhere"] == {"too_old": 1}


def test_segments_of_other_living_processes_are_theirs_to_remove(tmp_path: Path) -> None:
    spool = spool_in(tmp_path, max_bytes=0)
    segment = segment_in(spool, 1)
    segment.is_finished = True
    spool.keep_within_bounds()
    assert segment.path.exists()
    spool.keep_within_bounds([segment])
    assert not segment.path.exists()
    assert segment.evicted == {"a": ("spool_full", segment.evicted["a"][1])} if segment.evicted else False
    segment.close()


def test_segment_that_is_still_written_is_never_removed(tmp_path: Path) -> None:
    spool = spool_in(tmp_path, max_bytes=0, max_age_s=0)
    segment = segment_in(spool, 1)
    spool.keep_within_bounds([segment])
    assert segment.path.exists()
    assert not spool.retire(segment)
    segment.close()


def test_segment_is_retired_once_all_is_acknowledged(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    segment = segment_in(spool, 1, to=["a", "b"])
    segment.is_finished = True
    for identity in ("a", "b"):
        assert not spool.retire(segment)
        acknowledgement = take_acknowledgement(segment.path, identity)
        assert acknowledgement is not None
        acknowledgement.advance(segment.end)
        acknowledgement.close()
    assert acknowledged(segment.path, "a") == segment.end
    assert spool.retire(segment)
    assert not ack_path(segment.path, "a").exists()
    assert rest_in(spool) == []
    segment.close()


def test_trouble_with_one_segment_does_not_cost_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool, real = spool_in(tmp_path), os.open
    bad, good = left_in(spool, 1), left_in(spool, 2)

    def fail(path: str | Path, *arguments: int) -> int:
        if str(path) == str(ack_path(bad, "a")):
            raise PermissionError("not yours")
        return real(path, *arguments)

    monkeypatch.setattr(os, "open", fail)
    ((segment, acknowledgement),) = spool.orphans("a")
    assert segment.path == good
    acknowledgement.close()
    segment.close()
    assert [record.getMessage() for record in caplog.records] == [f"{bad} cannot be sent now: not yours"]


def test_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    spool = spool_in(tmp_path / "deep")
    segment_in(spool, 1).close()
    assert spool.folder.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_removed_here_is_not_paid_for_by_the_others(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    living = segment_in(spool, 1, size=5_000)
    later = segment_in(spool)
    later.close()
    header = b'{"version":2,"destinations":["a"],"chosen":["a"]}'
    later.path.write_bytes(framed(Kind.HEADER, header) + b"x" * 5_000)
    paths = [left_in(spool, number, size=400) for number in (10, 20, 30)]
    spool = spool_in(tmp_path, max_bytes=sum(path.stat().st_size for path in paths[1:]))
    spool.keep_within_bounds()
    assert spool.paths() == [living.path, later.path, *paths[1:]]
    assert spool.ledger.totals() == {"a": {"spool_full": 1}}
    living.close()


def test_segment_that_cannot_be_read_does_not_end_the_removal_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_in(tmp_path)
    bad, other = left_in(spool, 1, to=["a", "b"]), left_in(spool, 2)
    real = Segment._bytes  # pyright: ignore[reportPrivateUsage]

    def read(self: Segment, position: int, most: int) -> bytes:
        if self.path == bad:
            raise OSError(5, "Input/output error")
        return real(self, position, most)

    monkeypatch.setattr(Segment, "_bytes", read)
    spool_in(tmp_path, max_bytes=0).keep_within_bounds()
    assert (spool.paths(), other.exists()) == ([bad], False)
    assert spool.ledger.totals() == {"a": {"spool_full": 1}}


def test_orphans_for_exporter_objects_alone_are_buried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool, gone = spool_in(tmp_path), "exporter:Mine#1234-1"
    bad, shared = left_in(spool, 1, to=[gone]), left_in(spool, 2, to=[gone, "a"])
    left_in(spool, 3, 4, to=[gone])
    real = Segment._bytes  # pyright: ignore[reportPrivateUsage]

    def read(self: Segment, position: int, most: int) -> bytes:
        if self.path == bad:
            raise KeyError("source")
        return real(self, position, most)

    monkeypatch.setattr(Segment, "_bytes", read)
    for _ in range(2):
        spool.bury_orphans()
    assert spool.paths() == [bad, shared]
    assert spool.ledger.totals() == {gone: {"exporter_gone": 3}}
    assert len(caplog.records) == 1
