"""Bodies with long texts behind them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.delivery._parts import divided, in_parts

pytestmark = pytest.mark.core


@given(st.binary(), st.lists(st.binary(), min_size=1, max_size=14))
def test_parts_come_back(body: bytes, long: list[bytes]) -> None:
    assert divided(b"".join(in_parts(body, long))) == (body, long)


@given(st.binary(max_size=30))
def test_anything_else_is_an_error_of_one_kind(data: bytes) -> None:
    with suppress(ValueError):
        assert b"".join(in_parts(*divided(data))) == data


def test_long_texts_are_not_copied() -> None:
    text = b"x" * 100_000
    assert in_parts(b"body", [text])[1] is text
