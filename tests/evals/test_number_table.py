"""The table agrees with a dict, whatever falls on the same place."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.evals._number_table import NumberTable

pytestmark = pytest.mark.core


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 2**32 - 1))))
def test_it_is_a_dict(entries: list[tuple[int, int]]) -> None:
    table, known = NumberTable(), dict[int, int]()
    for key, value in entries:
        table.set(key << 32, value)
        known[key << 32] = value
    assert {key << 32: table.get(key << 32) for key in range(1, 41)} == {
        key << 32: known.get(key << 32) for key in range(1, 41)
    }
    assert len(table) == len(known)


def test_it_grows_and_forgets_nothing() -> None:
    table = NumberTable()
    keys = [(number * 0x9E3779B97F4A7C15) % 2**64 for number in range(1, 20_000)]
    for value, key in enumerate(keys):
        table.set(key, value)
    assert [table.get(key) for key in keys] == [*range(len(keys))]
    assert table.get(2) is None


def test_an_entry_takes_few_bytes() -> None:
    table = NumberTable()
    for key in range(1, 100_001):
        table.set(key, key)
    assert (sys.getsizeof(table._keys) + sys.getsizeof(table._values)) / 100_000 < 31


def test_zero_is_a_key_like_others() -> None:
    table = NumberTable()
    assert table.get(0) is None
    table.set(0, 7)
    assert table.get(0) == 7
