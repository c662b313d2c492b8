"""Frames: whole ones come back, damaged ones are told, those that are cut off are not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.delivery._frames import (
    HEAD,
    LOCAL_ONLY,
    MAX_BODY,
    UNDECIDED,
    DamagedError,
    Frame,
    Kind,
    frame_length,
    framed,
    frames_in,
)

pytestmark = pytest.mark.core
BODIES = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3, 2 | LOCAL_ONLY, 2 | UNDECIDED]), st.binary(max_size=50))
)


@given(BODIES, st.integers(0, 1 << 40))
def test_frames_come_back_as_they_were(bodies: list[tuple[int, bytes]], base: int) -> None:
    data = b"".join(framed(kind, body) for kind, body in bodies)
    read = list(frames_in(data, base))
    assert [(frame.kind | frame.flags, frame.body) for frame in read] == bodies
    assert [frame.start for frame in read] == [base, *[frame.end for frame in read]][: len(read)]
    assert all(data[frame.start - base : frame.end - base].endswith(frame.body) for frame in read)


@given(BODIES, st.binary(min_size=1, max_size=40), st.data())
def test_what_is_cut_off_is_not_there(
    bodies: list[tuple[int, bytes]], last: bytes, data: st.DataObject
) -> None:
    whole = b"".join(framed(kind, body) for kind, body in bodies)
    cut = framed(Kind.SPAN, last)[: data.draw(st.integers(0, HEAD.size + len(last) - 1))]
    assert [(frame.kind | frame.flags, frame.body) for frame in frames_in(whole + cut)] == bodies


@pytest.mark.parametrize("place", [4, 7, 8, 9, 12], ids=["checksum", "its end", "kind", "body", "body's end"])
def test_damage_costs_one_frame(place: int) -> None:
    middle = bytearray(framed(Kind.SPAN, b"abcd"))
    middle[place] ^= 1
    data = framed(Kind.SPAN, b"first") + middle + framed(Kind.UPDATE, b"last")
    first, damaged, last = frames_in(data)
    assert (first.body, last.body) == (b"first", b"last")
    assert damaged == Frame(Kind.DAMAGED, 0, b"", first.end, last.start)


@pytest.mark.parametrize("head", [HEAD.pack(MAX_BODY + 1, 0, 2), HEAD.pack(1, 0, 4), b"\xff" * 9])
def test_where_no_frame_can_be_is_an_error(head: bytes) -> None:
    data = framed(Kind.SPAN, b"first")
    frames = frames_in(data + head, 100)
    assert next(frames).body == b"first"
    with pytest.raises(DamagedError) as caught:
        next(frames)
    assert caught.value.position == 100 + len(data)
    with pytest.raises(DamagedError):
        frame_length(head)


def test_flags_and_kind_are_covered_by_the_checksum() -> None:
    frame = framed(Kind.SPAN | LOCAL_ONLY, b"body")
    assert frame[8] == Kind.SPAN | LOCAL_ONLY
    without = frame[:8] + bytes([Kind.SPAN]) + frame[9:]
    assert next(frames_in(without)).kind == Kind.DAMAGED
    assert frame_length(frame) == len(frame)
