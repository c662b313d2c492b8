from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore.evals.reporters._survey import survey
from told_evals import CASES

pytestmark = pytest.mark.core

FINE = replace(CASES[3], scorer_errors={})


def with_score(score: float | None) -> object:
    return replace(FINE, scores={} if score is None else {"exact": score})


def test_the_worst_are_kept_the_worst_first() -> None:
    cases = [with_score(1.0), with_score(0.25), CASES[1], with_score(0.5), with_score(0.25), with_score(None)]
    found = survey(cases, most=4)  # type: ignore[arg-type]
    assert [number for number, _case in found.worst] == [3, 2, 5, 4]
    assert found.left_out == 2
    assert found.spread == {"exact": [0, 0, 2, 0, 0, 1, 0, 0, 0, 1]}


def test_nothing_may_be_kept() -> None:
    found = survey([FINE, FINE], most=0)
    assert (found.worst, found.left_out) == ([], 2)


@given(st.lists(st.floats(0, 1)), st.integers(0, 5))
def test_what_is_kept_is_what_sorting_everything_would_give(scores: list[float], most: int) -> None:
    found = survey([with_score(score) for score in scores], most=most)  # type: ignore[misc]
    by_score = sorted(range(len(scores)), key=lambda index: (scores[index], index))
    assert [number - 1 for number, _case in found.worst] == by_score[:most]
    assert found.left_out == max(0, len(scores) - most)
    assert sum(found.spread.get("exact", [])) == len(scores)
