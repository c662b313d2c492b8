"""Several tests at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanscore.statistics import holm, verdict


@pytest.mark.core
def test_known_values() -> None:
    assert holm([]) == []
    assert holm([0.04]) == [0.04]
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_as_statsmodels_has_it(p_values: list[float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    assert holm(p_values) == pytest.approx(list(multitest.multipletests(p_values, method="holm")[1]))


@pytest.mark.core
@pytest.mark.parametrize(
    ("gain", "p_value", "expected"),
    [
        (0.1, 0.05, "better"),
        (-0.1, 0.05, "worse"),
        (0.1, 0.051, "no evidence"),
        (-0.1, None, "no evidence"),
        (0.0, 0.0, "no evidence"),
    ],
)
def test_verdict(gain: float, p_value: float | None, expected: str) -> None:
    assert verdict(gain, p_value) == expected
