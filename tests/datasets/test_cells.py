"""Values as cells of a table, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.datasets._cells import read_cell, write_cell

pytestmark = pytest.mark.core

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)

CELLS = {
    "why?": "why?",
    "": '""',
    "3": '"3"',
    "null": '"null"',
    '"quoted"': '"\\"quoted\\""',
    "a\0b": '"a\\u0000b"',
    "007": "007",
    "NaN": "NaN",
    "12e4567": "12e4567",
}


@pytest.mark.parametrize("text", CELLS)
def test_text_is_quoted_only_where_it_would_be_read_as_something_else(text: str) -> None:
    assert (write_cell(text), read_cell(CELLS[text])) == (CELLS[text], text)


def test_everything_else_is_json() -> None:
    assert [write_cell(value) for value in (None, 3, True, {"a": [1]})] == ["", "3", "true", '{"a":[1]}']


@given(JSON)
def test_what_is_written_is_read_again(value: Any) -> None:
    cell = write_cell(value)
    assert (read_cell(cell), "\0" in cell) == (value, False)
