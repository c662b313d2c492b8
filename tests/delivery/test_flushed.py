"""What a flush found."""

import pytest

from spanscore.delivery._flushed import Flushed, flushed_by

pytestmark = pytest.mark.core

CASES = {
    "all": (Flushed(3, 0), True),
    "nothing": (Flushed(0, 0), True),
    "waiting": (Flushed(3, 1), False),
    "lost": (Flushed(3, 0, {"rejected": 1}), False),
    "left out": (Flushed(3, 0, {}, {"tail_sampled": 1}), True),
}


@pytest.mark.parametrize(("flushed", "expected"), CASES.values(), ids=CASES)
def test_it_is_true_if_nothing_waits_and_nothing_is_lost(flushed: Flushed, expected: bool) -> None:
    assert bool(flushed) is expected


def test_figures_of_several_destinations_in_one() -> None:
    first = Flushed(5, 0, {"rejected": 1}, {"tail_sampled": 2})
    second = Flushed(3, 4, {"rejected": 2, "too_old": 1}, {"unsupported": 1})
    assert flushed_by({"a": first, "b": second}) == Flushed(
        3,
        4,
        {"rejected": 3, "too_old": 1},
        {"tail_sampled": 2, "unsupported": 1},
        {"a": first, "b": second},
    )
    assert flushed_by({}) == Flushed(0, 0)
