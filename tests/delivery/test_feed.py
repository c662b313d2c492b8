"""What is read next: this process's logs first, then what dead processes have left."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shelf import rest_in, spool_in, update
from spanscore.delivery._acks import ack_path, acknowledged, take_acknowledgement
from spanscore.delivery._codec import encode_update
from spanscore.delivery._feed import Feed
from spanscore.delivery._frames import Kind
from spanscore.delivery._journal import Journal
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._progress import Progress
from spanscore.delivery._segment import Segment
from spanscore.delivery._sources import Sources
from spanscore.delivery._spool import Spool

pytestmark = pytest.mark.core


def journal_on(spool: Spool | None, *identities: str) -> Journal:
    journal = Journal(spool, Sources())
    journal.address(identities, identities)
    return journal


def put(journal: Journal, *numbers: int) -> None:
    for number in numbers:
        journal.append(Kind.UPDATE, (encode_update(update(number)),))


def taken(feed: Feed) -> int:
    """Settle all that there is; how many records that was."""
    count = 0
    while (progress := feed.next()) is not None:
        count += settled(progress)
    return count


def settled(progress: Progress) -> int:
    chunk, frames, _ = progress.read()
    progress.settle(chunk.end)
    return len(frames)


def test_own_logs_are_read_and_removed_when_done(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 1, 2)
    assert (feed.has_news, taken(feed), feed.has_news) == (True, 2, False)
    put(journal, 3)
    journal.finish()
    assert taken(feed) == 1
    assert (rest_in(spool), journal.segments) == ([], ())


def test_what_is_written_grows_with_each_record(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    written = [feed.written]
    for number in range(3):
        put(journal, number)
        written.append(feed.written)
    assert written == sorted(set(written))
    taken(feed)
    assert feed.written == written[-1]
    journal.release()


def test_log_is_followed_once_and_only_by_those_it_is_for(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed, other = Feed("a", spool, journal), Feed("b", spool, journal)
    for _ in range(2):
        journal.tell(feed.follow)
        put(journal, 1)
        journal.tell(other.follow)
    assert (taken(feed), other.next()) == (2, None)
    assert not ack_path(journal.segments[0].path, "b").exists()
    journal.release()


def test_log_that_could_not_be_followed_is_followed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    real = os.open

    def no_acknowledgements(path: str | Path, *arguments: int) -> int:
        if str(path).endswith(".ack"):
            raise OSError("no space left on device")
        return real(path, *arguments)

    with monkeypatch.context() as full:
        full.setattr(os, "open", no_acknowledgements)
        put(journal, 1)
    assert feed.next() is None
    feed.look_for_orphans(0.0)
    assert taken(feed) == 1
    journal.finish()
    assert feed.next() is None
    feed.look_again()
    feed.look_for_orphans(0.0)
    assert rest_in(spool) == []


def test_orphans_come_after_own_records_and_are_looked_for_now_and_then(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    dead = journal_on(spool, "a")
    put(dead, 1, 2)
    dead.release()
    journal = journal_on(spool, "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 3)
    assert feed.has_orphans
    feed.look_for_orphans(100.0)
    assert (feed.orphans_left, feed.has_orphans) == (2, True)
    first = feed.next()
    assert first is not None
    assert (first.is_own, settled(first)) == (True, 1)
    second = feed.next()
    assert second is not None
    assert (second.is_own, settled(second)) == (False, 2)
    assert feed.next() is None
    assert (feed.orphans_left, feed.has_orphans, len(spool.paths())) == (0, False, 1)
    dead = journal_on(spool, "a")
    put(dead, 4)
    dead.release()
    feed.look_for_orphans(105.0)
    assert feed.next() is None
    feed.look_for_orphans(111.0)
    assert taken(feed) == 1
    journal.release()


def test_letting_go_leaves_the_rest_to_the_next_and_gives_what_is_not_done(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 1)
    taken(feed)
    put(journal, 2)
    journal.finish()
    (left,) = feed.let_go()
    assert left.left == 1
    path = journal.segments[0].path
    assert 0 < acknowledged(path, "a") < path.stat().st_size
    held = take_acknowledgement(path, "a")
    assert held is not None
    held.close()
    journal.release()


def test_what_is_given_up_while_letting_go_is_removed(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 1)
    journal.finish()
    for progress in feed.let_go():
        progress.give_up()
    assert rest_in(spool) == []


def test_memory_is_read_by_one_feed_at_a_time_from_where_the_last_one_was() -> None:
    journal = journal_on(None, "a")
    put(journal, 1, 2)
    first, second = Feed("a", None, journal), Feed("a", None, journal)
    journal.tell(first.follow)
    journal.tell(second.follow)
    assert (second.next(), taken(first)) == (None, 2)
    put(journal, 3)
    list(first.let_go())
    journal.tell(second.follow)
    progress = second.next()
    assert progress is not None
    assert isinstance(progress.log, MemoryLog)
    chunk, frames, _ = progress.read()
    assert (len(frames), chunk.lost) == (1, {})


def test_abandoned_feed_has_closed_all_and_removed_nothing(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    dead = journal_on(spool, "a")
    put(dead, 1)
    dead.release()
    journal = journal_on(spool, "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 2)
    feed.look_for_orphans(0.0)
    before = sorted(path.name for path in spool.folder.iterdir())
    feed.abandon()
    journal.abandon()
    assert feed.next() is None
    assert sorted(path.name for path in spool.folder.iterdir()) == before
    assert len([Segment for _, ack in spool.orphans("a") if ack.position == 0]) == 2


def leave(spool: Spool, *numbers: int) -> Path:
    """The segment of a dead process."""
    dead = journal_on(spool, "a")
    put(dead, *numbers)
    path = dead.segments[0].path
    dead.release()
    return path


def broken(bad: Path) -> Callable[[Segment, int, int], bytes]:
    """Reading of a disk with a bad sector in one file."""
    real = Segment._bytes  # pyright: ignore[reportPrivateUsage]

    def read(self: Segment, position: int, most: int) -> bytes:
        if self.path == bad:
            raise OSError(5, "Input/output error")
        return real(self, position, most)

    return read


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


def test_orphan_set_aside_lets_the_others_come_until_the_next_look(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    bad, _ = leave(spool, 1, 2), leave(spool, 3)
    feed = Feed("a", spool, journal_on(spool, "a"))
    before = open_files()
    feed.look_for_orphans(100.0)
    first = feed.next()
    assert first is not None
    assert isinstance(first.log, Segment)
    assert first.log.path == bad
    assert (feed.set_aside(first), feed.set_aside(first)) == (True, False)
    assert (taken(feed), feed.next()) == (1, None)
    assert (feed.has_orphans, feed.orphans_left, open_files()) == (False, 2, before)
    feed.look_for_orphans(111.0)
    assert (taken(feed), feed.orphans_left, rest_in(spool)) == (2, 0, [])


def test_own_log_is_not_set_aside(tmp_path: Path) -> None:
    journal = journal_on(spool := spool_in(tmp_path), "a")
    feed = Feed("a", spool, journal)
    journal.tell(feed.follow)
    put(journal, 1)
    own = feed.next()
    assert own is not None
    assert not feed.set_aside(own)
    assert taken(feed) == 1
    journal.release()


def test_orphan_that_cannot_be_read_is_said_once_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool = spool_in(tmp_path)
    leave(spool, 1)
    bad = leave(spool, 2)
    leave(spool, 3)
    monkeypatch.setattr(Segment, "_bytes", broken(bad))
    feed = Feed("a", spool, journal_on(spool, "a"))
    before = open_files()
    for now in (100.0, 111.0):
        feed.look_for_orphans(now)
        taken(feed)
    assert (feed.has_orphans, feed.orphans_left, open_files(), spool.paths()) == (False, 0, before, [bad])
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"{bad} cannot be sent now: [Errno 5] Input/output error"]


def test_few_orphans_are_open_at_once_and_all_are_waited_for(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    for number in range(30):
        leave(spool, number)
    feed = Feed("a", spool, journal_on(spool, "a"))
    before = open_files()
    feed.look_for_orphans(100.0)
    assert (open_files() - before, feed.orphans_left, feed.has_news) == (16, 8, True)
    for _ in range(30):
        assert feed.has_orphans
        progress = feed.next()
        assert progress is not None
        assert open_files() - before <= 16
        settled(progress)
    assert (feed.next(), feed.has_orphans, feed.has_news, feed.orphans_left) == (None, False, False, 0)
    assert (open_files(), rest_in(spool)) == (before, [])


def test_orphans_that_are_yet_to_be_opened_are_left_to_the_next(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    for number in range(20):
        leave(spool, number)
    feed = Feed("a", spool, journal_on(spool, "a"))
    before = open_files()
    feed.look_for_orphans(100.0)
    assert list(feed.let_go()) == []
    assert (feed.next(), feed.has_orphans, feed.orphans_left, open_files()) == (None, False, 0, before)


def test_what_is_left_of_orphans_is_known_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spool_in(tmp_path)
    path = leave(spool, *range(700))
    feed = Feed("a", spool, journal_on(spool, "a"))
    feed.look_for_orphans(100.0)
    progress = feed.next()
    assert progress is not None
    assert (feed.orphans_left, settled(progress)) == (700, 500)
    monkeypatch.setattr(Segment, "_bytes", broken(path))
    assert feed.orphans_left == 200
    assert feed.set_aside(progress)
    monkeypatch.undo()
    feed.look_for_orphans(111.0)
    assert (feed.orphans_left, taken(feed), feed.orphans_left) == (200, 200, 0)
