from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.errors import ScoreError
from spanscore.scoring import Score, normalise

pytestmark = pytest.mark.core


@dataclass
class Foreign:
    """A score as another library has it."""

    name: str
    score: Any
    metadata: Any = None
    error: Any = None


class Scalar:
    """A number as numpy has it: no number by its bases, but with a value as float."""

    def __float__(self) -> float:
        return 0.25


MEANT: dict[str, tuple[Any, tuple[Score, ...]]] = {
    "a float": (0.5, (Score("own", 0.5),)),
    "an int": (1, (Score("own", 1.0),)),
    "true": (True, (Score("own", 1.0),)),
    "false": (False, (Score("own", 0.0),)),
    "nothing": (None, (Score("own", None),)),
    "a decimal": (Decimal("0.5"), (Score("own", 0.5),)),
    "a fraction": (Fraction(1, 4), (Score("own", 0.25),)),
    "a scalar": (Scalar(), (Score("own", 0.25),)),
    "a score": (Score("a", 0.5, {"why": 1}), (Score("a", 0.5, {"why": 1}),)),
    "a score of a scalar": (Score("a", True), (Score("a", 1.0),)),
    "a skipped score": (Score("a"), (Score("a", None),)),
    "a foreign score": (Foreign("a", 0.5, {"k": 1}), (Score("a", 0.5, {"k": 1}),)),
    "a foreign score without metadata": (SimpleNamespace(name="a", score=1), (Score("a", 1.0),)),
    "a dict": ({"score": 0.5}, (Score("own", 0.5),)),
    "a full dict": ({"name": "a", "score": 0.5, "metadata": {"k": 1}}, (Score("a", 0.5, {"k": 1}),)),
    "a dict that skips": ({"score": None}, (Score("own", None),)),
    "no scores": ([], ()),
    "several": (
        [Score("a", 1.0), {"name": "b", "score": 0.5}, Foreign("c", None)],
        (Score("a", 1.0), Score("b", 0.5), Score("c", None)),
    ),
    "a tuple of them": ((Score("a", 1.0),), (Score("a", 1.0),)),
}

REFUSED: dict[str, tuple[Any, str]] = {
    "too much": (1.5, r"own is 1\.5, which is not in 0\.\.1"),
    "too little": (-0.1, r"own is -0\.1, which is not in 0\.\.1"),
    "not a number": (float("nan"), "own is nan"),
    "infinite": (float("inf"), "own is inf"),
    "a foreign score out of range": (Foreign("a", 100), r"the score a is 100\.0"),
    "text": ("0.5", "own returned '0.5'; return a number"),
    "text in a dict": ({"score": "good"}, "own is 'good'"),
    "a dict without score": ({"accuracy": 0.5}, "own returned {'accuracy': 0.5}"),
    "bare numbers": ([0.5, 1.0], r"a list with 0\.5, whose name nobody knows; return Score"),
    "a list with None": ([None], "a list with None"),
    "a dict without a name": ([{"score": 1}], "whose name nobody knows"),
    "one name twice": ([Score("a", 1.0), Score("a", 0.0)], "several scores named a"),
    "metadata that is no dict": ({"score": 1, "metadata": "m"}, "the metadata 'm'"),
    "a complex number": (1j, "own returned 1j"),
    "something long": ("x" * 1000, r"xxx… \(str\)"),
}


@pytest.mark.parametrize(("raw", "scores"), MEANT.values(), ids=MEANT.keys())
def test_what_scorers_may_return(raw: Any, scores: tuple[Score, ...]) -> None:
    found = normalise("own", raw)
    assert found == scores
    assert all(type(score) is Score and type(score.score) in (float, type(None)) for score in found)


@pytest.mark.parametrize(("raw", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_score(raw: Any, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        normalise("own", raw)


@given(st.floats() | st.integers())
def test_a_score_is_in_range_or_an_error(raw: float) -> None:
    if 0 <= raw <= 1:
        assert normalise("own", raw) == (Score("own", float(raw)),)
    else:
        with pytest.raises(ScoreError):
            normalise("own", raw)


def test_numpy_scalars() -> None:
    np = pytest.importorskip("numpy")
    assert normalise("own", np.float32(0.5)) == (Score("own", 0.5),)
    assert normalise("own", np.bool_(True)) == (Score("own", 1.0),)
