from collections import Counter
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.evals._occurrences import Occurrences

pytestmark = pytest.mark.core


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3))))
def test_it_counts_as_a_counter_does(added: list[tuple[int, int]]) -> None:
    occurrences, counter = Occurrences(), Counter[int]()
    for number, times in added:
        assert occurrences.add(f"{number:016x}ff", times) == counter[number]
        # Key 0 stands for an empty place inside, and is counted as 1.
        counter[number or 1] += times
        if number <= 1:
            counter[0] = counter[1]


def test_it_grows_and_forgets_nothing() -> None:
    occurrences = Occurrences()
    keys = [blake2b(str(number).encode(), digest_size=16).hexdigest() for number in range(5000)]
    assert [occurrences.add(key, 1) for key in keys] == [0] * 5000
    assert [occurrences.add(key, 1) for key in keys] == [1] * 5000


def test_keys_that_fall_on_one_place_are_told_apart() -> None:
    occurrences = Occurrences()
    keys = [f"{number:04x}000000000007" for number in range(1, 200)]
    assert [occurrences.add(key, 2) for key in keys] == [0] * 199
    assert [occurrences.add(key, 1) for key in keys] == [2] * 199
