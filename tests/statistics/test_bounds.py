"""Bounds of an interval."""

import pytest

from spanscore.statistics import Bounds

pytestmark = pytest.mark.core


def test_bounds_stay_within_what_a_value_can_be() -> None:
    bounds = Bounds(low=-0.25, high=1.5, method="t")
    assert bounds.within((0.0, 1.0)) == Bounds(low=0.0, high=1.0, method="t")
    assert bounds.within(None) is bounds
