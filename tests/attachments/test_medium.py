"""Base64 as providers write it."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.attachments._medium import Medium, as_object, beginning, placed

pytestmark = pytest.mark.core


def medium(text: str, start: int = 0) -> Medium:
    return Medium(text=text, start=start, content_type="image/png", filename="image.png", put=dict)


@given(st.binary(), st.booleans(), st.booleans(), st.text(max_size=9))
def test_both_alphabets_are_read_with_and_without_padding(
    content: bytes, is_url_safe: bool, is_padded: bool, before: str
) -> None:
    text = (base64.urlsafe_b64encode if is_url_safe else base64.b64encode)(content).decode()
    found = medium(before + (text if is_padded else text.rstrip("=")), len(before))
    assert (found.content(), found.is_decodable) == (content, True)


@pytest.mark.parametrize("text", ["A", "AAAA!AAA", "AAAA AAAA", "AA=AAAAA", "AAAAé", "AAAA\n"])
def test_what_is_no_base64_is_none(text: str) -> None:
    found = medium(text)
    assert (found.content(), found.is_decodable) == (None, False)


@given(st.text())
def test_nothing_raises(text: str) -> None:
    found = medium(text)
    assert found.content() is None or found.is_decodable
    assert beginning(text) is None or found


@given(st.binary(min_size=20))
def test_the_beginning_is_that_of_the_content(content: bytes) -> None:
    head = beginning(base64.b64encode(content).decode())
    assert head is not None
    assert content.startswith(head)
    assert len(head) >= 12


def test_placed_copies_what_is_on_the_way() -> None:
    node: dict[str, Any] = {"a": {"b": "x", "c": 1}, "d": 2}
    assert placed(node, "a", "b")({"key": "k"}) == {"a": {"b": {"key": "k"}, "c": 1}, "d": 2}
    assert node == {"a": {"b": "x", "c": 1}, "d": 2}


def test_as_object() -> None:
    assert [as_object(value) for value in ({"a": 1}, [1], "x", None)] == [{"a": 1}, None, None, None]
