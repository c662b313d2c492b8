"""Members of baggage: encoding, reading, limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.tracing._baggage import MAX_BYTES, MAX_MEMBERS, Member, join_members, make_member, read_members

pytestmark = pytest.mark.core

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), ANY_TEXT)
def test_any_key_and_value_round_trip(key: str, value: str) -> None:
    member = make_member(key, value)
    assert member.text.isascii()
    assert set(' \t",;\\+') & set(member.text.partition("=")[2]) == set()
    if len(member.text) <= MAX_BYTES:
        (read,) = read_members(f" {member.text} ")
        assert (read.key, read.value) == (key, value)


def test_lone_surrogate_does_not_raise() -> None:
    assert make_member("k", "a\ud800b").text == "k=a%3Fb"


def test_value_has_no_properties_and_a_plus_is_a_plus() -> None:
    (member,) = read_members("path = a+b%2Fc ;prop=1; other")
    assert (member.key, member.value, member.text) == ("path", "a+b/c", "path = a+b%2Fc ;prop=1; other")
    assert member.lossy_value == "a b/c ;prop=1; other"


@pytest.mark.parametrize("header", ["", ",", " , ,", "novalue", "=x", " =x", "a\r\nb=1", "a=1\x00", "a=\x7f"])
def test_what_is_no_member_is_left_out(header: str) -> None:
    assert read_members(header) == []
    assert [member.key for member in read_members(f"a=1,{header},b=2")] == ["a", "b"]


@pytest.mark.parametrize(
    "sent", ["caf\u00e9", "caf\u00c3\u00a9"], ids=["decoded as UTF-8", "decoded as Latin-1"]
)
def test_what_no_header_may_have_is_encoded(sent: str) -> None:
    (member,) = read_members(f"place={sent}")
    assert (member.text, member.value) == ("place=caf%C3%A9", "café")


def test_64_members_and_not_one_more_are_read() -> None:
    header = ",".join(f"k{number}=v" for number in range(70))
    assert [member.key for member in read_members(header)] == [f"k{number}" for number in range(MAX_MEMBERS)]


@pytest.mark.parametrize("excess", [0, 1])
def test_8192_bytes_and_not_one_more_are_read(excess: int) -> None:
    header = "a=1,b=" + "x" * (MAX_BYTES - 6 + excess)
    assert [member.key for member in read_members(header)] == ["a", "b"][: 2 - excess]
    assert [member.key for member in read_members(header + ",c=3")] == ["a", "b"][: 2 - excess]


def test_bytes_are_counted_not_characters() -> None:
    header = "a=1,b=" + "é" * 4094 + ",c=3"
    assert len(header) < MAX_BYTES
    assert [member.key for member in read_members(header)] == ["a"]


def members(*sizes: int) -> list[Member]:
    return [Member(str(number), f"{number}=" + "x" * (size - 2)) for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ([4000, 4000], "01"),
        ([4000, 4191], "01"),
        ([4000, 4192, 10], "0"),
        ([9000, 10, 10], "12"),
        ([9000], ""),
    ],
)
def test_whole_members_are_dropped_from_the_end(sizes: list[int], kept: str) -> None:
    given = members(*sizes)
    assert join_members(None, given) == ",".join(given[int(number)].text for number in kept)


def test_the_first_has_its_place_reserved() -> None:
    own = make_member("braintrust.parent", "project_name:x")
    others = [Member(f"k{number}", f"k{number}=v") for number in range(70)]
    sent = join_members(own, others).split(",")
    assert sent == [own.text, *(member.text for member in others[:63])]


def test_one_that_is_too_large_is_dropped_itself() -> None:
    own = make_member("braintrust.parent", "project_name:" + "x" * MAX_BYTES)
    assert join_members(own, [Member("a", "a=1")]) == "a=1"


@given(st.lists(st.integers(3, 3000), max_size=80), st.none() | st.integers(3, 9000))
def test_limits_hold_for_all_input(sizes: list[int], own: int | None) -> None:
    first = None if own is None else Member("own", "own" + "=" * (own - 3))
    sent = join_members(first, members(*sizes))
    assert len(sent) <= MAX_BYTES
    assert len(sent.split(",")) <= MAX_MEMBERS


@given(st.text(max_size=300))
def test_any_header_is_read(header: str) -> None:
    for member in read_members(header):
        assert member.text.isascii()
        assert isinstance(member.value, str)
