"""How long to wait before the next attempt."""

import random

import pytest

from spanscore.delivery._backoff import Backoff

pytestmark = pytest.mark.core


def test_waits_double_up_to_a_limit_and_are_cut_by_up_to_a_half() -> None:
    whole = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    for _ in range(50):
        backoff = Backoff()
        waits = [backoff.next_s() for _ in whole]
        assert all(full / 2 <= wait <= full for wait, full in zip(waits, whole, strict=True))


def test_clients_spread_out() -> None:
    assert len({Backoff(first_s=5, most_s=300).next_s() for _ in range(20)}) > 10


def test_the_programs_random_numbers_stay_as_they_are() -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    Backoff().next_s()
    assert random.random() == expected
