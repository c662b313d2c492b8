"""What is read next: this process's logs first, then what dead processes have left."""

import os
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
