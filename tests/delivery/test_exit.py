"""The end of the process has one deadline."""

import pytest

from spanscore.delivery._exit import EXIT_BUDGET_S, Exit

pytestmark = pytest.mark.core


def test_before_the_end_everybody_has_the_time_that_is_asked_for() -> None:
    assert Exit().left_of(30.0) == 30.0


def test_at_the_end_all_share_two_seconds_from_its_beginning() -> None:
    end = Exit()
    end.begin()
    first = end.left_of(30.0)
    end.begin()
    assert 0 < end.left_of(30.0) <= first <= EXIT_BUDGET_S
    assert end.left_of(0.0) == 0.0
