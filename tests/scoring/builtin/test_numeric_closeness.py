from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.errors import ConfigError, ScoreError
from spanscore.scorers import NumericCloseness

pytestmark = pytest.mark.core

INF, NAN = float("inf"), float("nan")
CASES: dict[str, tuple[NumericCloseness, Any, Any, float]] = {
    "equal": (NumericCloseness(), 2, 2.0, 1.0),
    "zero": (NumericCloseness(), 0, 0, 1.0),
    "at a distance": (NumericCloseness(), 3, 1, 0.5),
    "of another sign": (NumericCloseness(), -1, 1, 0.0),
    "within the absolute tolerance": (NumericCloseness(absolute=0.5), 2.5, 2, 1.0),
    "beyond it by 2": (NumericCloseness(absolute=1), 4, 1, 0.6),
    "within the relative tolerance": (NumericCloseness(relative=0.05), 105, 100, 1.0),
    "the wider one holds": (NumericCloseness(absolute=10, relative=0.01), 110, 100, 1.0),
    "not graded": (NumericCloseness(absolute=1, graded=False), 4, 1, 0.0),
    "not graded and within": (NumericCloseness(absolute=3, graded=False), 4, 1, 1.0),
    "a text": (NumericCloseness(), " 1,250.5 ", 1250.5, 1.0),
    "texts on both sides": (NumericCloseness(), "4", "4.0", 1.0),
    "a decimal": (NumericCloseness(), Decimal("0.5"), 0.5, 1.0),
    "no number": (NumericCloseness(), "four", 4, 0.0),
    "nothing": (NumericCloseness(), None, 4, 0.0),
    "true": (NumericCloseness(), True, 1, 0.0),
    "not a number": (NumericCloseness(), NAN, 1, 0.0),
    "infinite": (NumericCloseness(), INF, 1, 0.0),
    "both infinite": (NumericCloseness(), INF, INF, 1.0),
    "a list": (NumericCloseness(), [1], 1, 0.0),
    "more digits than a float has": (NumericCloseness(), 10**400, 1, 0.0),
}


@pytest.mark.parametrize(("scorer", "output", "expected", "score"), CASES.values(), ids=CASES.keys())
def test_score(scorer: NumericCloseness, output: Any, expected: Any, score: float) -> None:
    assert scorer(output, expected).score == pytest.approx(score)


def test_what_is_no_number_is_told() -> None:
    assert NumericCloseness()("four", 4).metadata == {"why": "'four' is no number"}


@pytest.mark.parametrize("expected", [None, "four", NAN, [4]])
def test_what_is_expected_has_to_be_a_number(expected: Any) -> None:
    with pytest.raises(ScoreError, match="numeric_closeness compares numbers, and the case expects"):
        NumericCloseness()(4, expected)


@pytest.mark.parametrize("tolerance", [-1, NAN, INF, True, None])
def test_a_tolerance_is_a_number_from_0(tolerance: Any) -> None:
    with pytest.raises(ConfigError, match="; give a number from 0"):
        NumericCloseness(absolute=tolerance)


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, FINITE, st.floats(0, 1e6), st.floats(0, 1e6))
def test_always_in_range_and_never_worse_with_more_tolerance(
    output: float, expected: float, absolute: float, more: float
) -> None:
    score = NumericCloseness(absolute=absolute)(output, expected).score
    wider = NumericCloseness(absolute=absolute + more)(output, expected).score
    assert score is not None
    assert wider is not None
    assert 0 <= score <= wider <= 1
