"""The log in memory: bounded, read by several, and what it lets go of is told."""

import pytest

from spanscore.delivery._frames import LOCAL_ONLY, UNDECIDED, Kind
from spanscore.delivery._log import MOST_BYTES, MOST_RECORDS, count_records, record_starts
from spanscore.delivery._memory import MemoryLog
from spanscore.delivery._sources import Sources

pytestmark = pytest.mark.core


def log_of(*bodies: bytes, most_bytes: int = 1 << 20, chosen: tuple[str, ...] = ("a", "b")) -> MemoryLog:
    log = MemoryLog(Sources(), chosen, most_bytes=most_bytes)
    for body in bodies:
        log.append(Kind.UPDATE, 0, body)
    return log


def bodies(log: MemoryLog, position: int, identity: str = "a") -> list[bytes]:
    return [frame.body for frame in log.read(position, identity).frames]


def test_records_are_read_from_any_position() -> None:
    log = log_of(b"0", b"1", b"2")
    assert (bodies(log, 0), bodies(log, 1), bodies(log, 3)) == ([b"0", b"1", b"2"], [b"1", b"2"], [])
    assert (log.end, log.is_finished, log.read(1, "a").end) == (3, False, 3)


def test_record_stays_until_all_who_joined_have_taken_it() -> None:
    log = log_of(b"0", b"1")
    assert (log.join("a"), log.join("b")) == (0, 0)
    log.taken("a", 2)
    assert bodies(log, 0, "b") == [b"0", b"1"]
    log.taken("b", 1)
    assert (log.frame(0, 1), bodies(log, 1, "b")) == (None, [b"1"])
    frame = log.frame(1, 2)
    assert frame is not None
    assert frame.body == b"1"


def test_one_reads_for_a_destination_at_a_time_and_the_next_goes_on_where_that_one_was() -> None:
    log = log_of(b"0", b"1")
    assert log.join("a") == 0
    assert log.join("a") is None
    log.taken("a", 1)
    log.leave("a")
    assert log.join("a") == 1


def test_what_was_there_before_a_destination_is_not_for_it() -> None:
    log = log_of(b"0")
    log.begin_now("late")
    log.append(Kind.UPDATE, 0, b"1")
    assert log.join("late") == 1


def test_what_is_too_much_goes_oldest_first_and_who_had_not_read_it_is_told() -> None:
    log = log_of(*[b"x" * 10] * 5, most_bytes=30)
    chunk = log.read(0, "a")
    assert ([frame.start for frame in chunk.frames], chunk.lost) == ([2, 3, 4], {"memory_full": 2})
    assert log.read(1, "a").lost == {"memory_full": 1}
    assert log.read(2, "a").lost == {}
    assert log.frame(0, 1) is None
    log.append(Kind.UPDATE, 0, b"x" * 100)
    assert len(bodies(log, 0)) == 1


def test_much_comes_in_portions_and_a_large_record_alone() -> None:
    log = log_of(*[b"x"] * (MOST_RECORDS + 1), b"x" * MOST_BYTES, b"y", most_bytes=1 << 30)
    sizes: list[int] = []
    position = 0
    while (chunk := log.read(position, "a")).frames:
        sizes.append(len(chunk.frames))
        position = chunk.end
    assert sizes == [MOST_RECORDS, 1, 1, 1]


def test_flags_and_choice_say_who_gets_a_record() -> None:
    log = log_of(chosen=("a",))
    log.append(Kind.SPAN, LOCAL_ONLY, b"l")
    log.append(Kind.SPAN, UNDECIDED, b"u")
    local, undecided = log.read(0, "a").frames
    assert [log.gives(each, local) for each in ("a", "local")] == [False, True]
    assert [log.gives(each, undecided) for each in ("a", "local")] == [True, False]
    assert (count_records(log, "a", 0), count_records(log, "local", 0), count_records(log, "a", 2)) == (
        1,
        1,
        0,
    )
    assert list(record_starts(log, "a", 0)) == [1]


def test_sources_are_those_of_the_process() -> None:
    sources = Sources()
    assert MemoryLog(sources, ()).sources is sources.by_number
