"""Scores that a program gives: which of them are scores."""

from decimal import Decimal
from fractions import Fraction

import pytest

from spanscore.errors import ScoreError
from spanscore.tracing import checked_scores, guard
from spanscore.tracing._scores import sound_scores

pytestmark = pytest.mark.core


def test_scores_are_numbers_from_0_to_1() -> None:
    assert checked_scores({"a": True, "b": 0.5, "c": None, "d": 0}) == {"a": 1.0, "b": 0.5, "c": None, "d": 0}
    for wrong in (-0.1, 1.01, float("nan"), "1", [1]):
        with pytest.raises(ScoreError, match=r"give a number in 0\.\.1, a bool or None"):
            checked_scores({"a": wrong})


def test_scores_are_numbers_of_any_library() -> None:
    checked = checked_scores({"a": Decimal("0.25"), "b": Fraction(1, 2)})
    assert (checked, set(map(type, checked.values()))) == ({"a": 0.25, "b": 0.5}, {float})


@pytest.mark.parametrize(("scores", "shown"), [([1], r"\[1\]"), ("a", "a"), ({"a": float("nan")}, "nan")])
def test_what_is_no_scores_is_shown(scores: object, shown: str) -> None:
    with pytest.raises(ScoreError, match=f"{shown}; give"):
        checked_scores(scores)


def test_what_is_no_score_is_reported_and_left_out() -> None:
    guard.reraise = False
    assert sound_scores({"a": 7, "b": True, "c": "x", "d": None, "e": 0.5}) == {"b": 1.0, "d": None, "e": 0.5}
    assert guard.drain() == {"recording scores": 2}
    assert sound_scores([1]) == {}
    assert guard.drain() == {"recording scores": 1}
    assert sound_scores(None) is None
    assert guard.drain() == {}
