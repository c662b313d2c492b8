"""Segments: what is written is read by all it is for; damage and torn ends cost what they must, no more."""

import os
import sys
from pathlib import Path

import pytest

from finished_spans import finished
from shelf import update
from spanscore.delivery import _segment as module
from spanscore.delivery._codec import encode_update
from spanscore.delivery._frames import HEAD, LOCAL_ONLY, Frame, Kind, framed
from spanscore.delivery._log import MOST_RECORDS, Chunk
from spanscore.delivery._segment import Header, Segment, create_segment, is_for, open_segment, read_header
from spanscore.delivery._sources import Sources

pytestmark = pytest.mark.core
HEADER = Header.of_this_process(["a", "local"], ["a"])


def written(folder: Path, *bodies: bytes, header: Header = HEADER) -> Segment:
    segment = create_segment(folder, header)
    for body in bodies:
        append(segment, framed(Kind.UPDATE, body))
    return segment


def append(segment: Segment, data: bytes) -> None:
    os.write(segment.fd, data)
    segment.end += len(data)


def left(segment: Segment) -> Segment:
    """The same segment, as another process finds it when the one that wrote it is dead."""
    segment.close()
    found = open_segment(segment.path)
    assert found is not None
    return found


def read_all(segment: Segment, identity: str = "a") -> tuple[list[bytes], dict[str, int]]:
    bodies: list[bytes] = []
    lost: dict[str, int] = {}
    position = 0
    while (chunk := segment.read(position, identity)).end != position:
        bodies += [frame.body for frame in chunk.frames]
        for reason, count in chunk.lost.items():
            lost[reason] = lost.get(reason, 0) + count
        position = chunk.end
    assert position == segment.end
    return bodies, lost


def test_what_is_written_is_read_while_the_process_lives_and_after(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1", b"2")
    assert read_all(segment) == ([b"1", b"2"], {})
    append(segment, framed(Kind.UPDATE, b"3"))
    assert read_all(segment) == ([b"1", b"2", b"3"], {})
    found = left(segment)
    assert (found.header, found.is_finished) == (HEADER, True)
    assert read_all(found) == ([b"1", b"2", b"3"], {})
    found.close()
    found.close()


def test_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    segment = written(tmp_path)
    assert segment.path.stat().st_mode & 0o777 == 0o600
    segment.close()


def test_segment_of_a_living_process_is_not_opened_but_to_look(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1")
    assert open_segment(segment.path) is None
    looked = open_segment(segment.path, alive=True)
    assert looked is not None
    assert read_all(looked) == ([b"1"], {})
    looked.close()
    segment.close()
    first, second = open_segment(segment.path), open_segment(segment.path)
    assert first is not None
    assert second is not None
    first.close()
    second.close()


def test_segment_is_not_seen_before_it_is_locked_and_has_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def look(fd: int) -> None:
        seen.append([path.name for path in tmp_path.iterdir() if not path.name.startswith(".")])

    monkeypatch.setattr(module, "lock", look)
    segment = written(tmp_path)
    assert seen == [[]]
    segment.close()


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="pathlib holds on to os.rename there: it cannot be made to fail"
)
@pytest.mark.parametrize("call", ["write", "rename"])
def test_segment_that_cannot_be_made_leaves_nothing(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        if call == "rename":
            raise OSError("no")
        return 3

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="no"):
        written(tmp_path)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_sources_are_met_on_the_way(tmp_path: Path) -> None:
    sources = Sources()
    number = sources.number(finished())
    segment = written(tmp_path)
    append(segment, framed(Kind.SOURCE, sources.body(number)))
    assert read_all(segment) == ([], {})
    assert segment.sources[number] == sources.by_number[number]
    segment.close()


@pytest.mark.parametrize("size", [1, 6 << 20])
def test_damage_in_the_middle_costs_one_record(size: int, tmp_path: Path) -> None:
    middle = bytearray(framed(Kind.UPDATE, b"x" * size))
    middle[-1] ^= 1
    segment = written(tmp_path, b"1")
    append(segment, bytes(middle))
    append(segment, framed(Kind.UPDATE, b"3"))
    assert read_all(left(segment)) == ([b"1", b"3"], {"damaged": 1})


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"\xff" * 9, id="no frame"),
        pytest.param(HEAD.pack(1 << 20, 1, Kind.UPDATE), id="a length that leads beyond the end"),
    ],
)
@pytest.mark.parametrize("is_own", [True, False])
def test_what_follows_damage_is_found_again(damage: bytes, is_own: bool, tmp_path: Path) -> None:
    segment = written(tmp_path, b"1")
    append(segment, damage)
    append(segment, framed(Kind.UPDATE, b"3"))
    assert read_all(segment if is_own else left(segment)) == ([b"1", b"3"], {"damaged": 1})


def test_damage_at_the_end_of_a_living_segment_does_not_hold_up_its_reader(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1")
    append(segment, HEAD.pack(1 << 20, 1, Kind.UPDATE))
    assert read_all(segment) == ([b"1"], {"damaged": 1})


@pytest.mark.parametrize("cut", [1, 8, 9, 12])
def test_torn_end_of_a_dead_process_is_left_out(cut: int, tmp_path: Path) -> None:
    segment = written(tmp_path, b"1")
    append(segment, framed(Kind.UPDATE, b"torn")[:cut])
    assert read_all(left(segment)) == ([b"1"], {})


def test_what_a_living_process_is_still_writing_is_not_looked_at(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1")
    whole = framed(Kind.UPDATE, b"2")
    os.write(segment.fd, whole[:5])
    chunk = segment.read(0, "a")
    assert ([frame.body for frame in chunk.frames], chunk.end) == ([b"1"], segment.end)
    os.write(segment.fd, whole[5:])
    assert segment.read(chunk.end, "a") == Chunk([], chunk.end)
    segment.end += len(whole)
    assert [frame.body for frame in segment.read(chunk.end, "a").frames] == [b"2"]
    segment.close()


def test_much_comes_in_portions_and_a_large_record_alone(tmp_path: Path) -> None:
    large = b"x" * (5 << 20)
    segment = written(tmp_path, *[b"%d" % number for number in range(MOST_RECORDS + 1)], large, b"last")
    sizes: list[int] = []
    position = 0
    while (chunk := segment.read(position, "a")).end != position:
        sizes.append(len(chunk.frames))
        position = chunk.end
    assert sizes == [MOST_RECORDS, 1, 1, 1]
    assert read_all(segment)[0][-2:] == [large, b"last"]
    segment.close()


def test_one_record_is_found_again(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1", b"2")
    first, second = segment.read(0, "a").frames
    assert segment.frame(second.start, second.end) == second
    assert segment.frame(first.start, first.end) == first
    segment.evicted = {}
    assert segment.frame(first.start, first.end) is None
    segment.close()


def test_each_is_told_what_its_eviction_has_cost_from_where_it_was(tmp_path: Path) -> None:
    segment = written(tmp_path, b"1", b"2", b"3")
    frames = segment.read(0, "a").frames
    segment.evicted = {"a": ("too_old", [frame.start for frame in frames]), "local": ("too_old", [])}
    segment.close()
    assert segment.read(0, "a") == Chunk([], segment.end, {"too_old": 3})
    assert segment.read(frames[1].start, "a") == Chunk([], segment.end, {"too_old": 2})
    assert segment.read(0, "local").lost == {"too_old": 0}


def frame(flags: int) -> Frame:
    return Frame(Kind.UPDATE, flags, b"", 0, 0)


def test_record_is_for_the_chosen_or_if_flagged_for_the_store_alone() -> None:
    assert [is_for(each, frame(0), ["a"]) for each in ("a", "b", "local")] == [True, False, False]
    assert [is_for(each, frame(LOCAL_ONLY), ["a"]) for each in ("a", "b", "local")] == [False, False, True]


STRANGE = {
    "empty": b"",
    "cut off": framed(Kind.HEADER, b"{}")[:5],
    "no frame": b"\xff" * 100,
    "not a header": framed(Kind.UPDATE, b"{}"),
    "a list": framed(Kind.HEADER, b"[]"),
    "no json": framed(Kind.HEADER, b"\x00"),
    "unknown version": framed(Kind.HEADER, b'{"version":2,"destinations":[],"chosen":[]}'),
    "too little": framed(Kind.HEADER, b'{"version":1,"destinations":[],"chosen":[]}'),
    "too much": framed(
        Kind.HEADER,
        b'{"version":1,"destinations":[],"chosen":[],"pid":1,"host":"","created_ns":1,"new":1}',
    ),
    "damaged": framed(Kind.HEADER, b"{}")[:-1] + b"!",
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_file_that_is_none_of_ours_or_of_a_version_to_come_is_left_alone(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "1-1-1.spool"
    path.write_bytes(data)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else None
    assert open_segment(path) is None
    assert path.read_bytes() == data
    if before is not None:
        assert len(os.listdir("/proc/self/fd")) == before


def test_file_that_is_gone_and_one_behind_a_link_are_none(tmp_path: Path) -> None:
    assert open_segment(tmp_path / "gone.spool") is None
    segment = written(tmp_path)
    segment.close()
    (tmp_path / "link.spool").symlink_to(segment.path)
    assert open_segment(tmp_path / "link.spool") is None


def test_header_names_whose_it_is_and_no_key(tmp_path: Path) -> None:
    segment = written(tmp_path, header=Header.of_this_process(["braintrust:https://x#0123"], []))
    header = read_header(segment.fd)
    assert (header.destinations, header.chosen, header.pid) == (
        ("braintrust:https://x#0123",),
        (),
        os.getpid(),
    )
    segment.close()


def test_update_is_written_with_its_json_as_it_is(tmp_path: Path) -> None:
    segment = written(tmp_path, encode_update(update(1, 5)))
    assert b'"xxxxx"' in segment.path.read_bytes()
    segment.close()
