import pytest

from spanscore.scoring import Score

pytestmark = pytest.mark.core


def test_by_position_and_by_name() -> None:
    assert Score("acc", 0.5) == Score(name="acc", score=0.5, metadata={})


def test_a_score_may_be_skipped_and_shares_no_metadata() -> None:
    first, second = Score("a"), Score("a")
    assert (first.score, first.metadata is second.metadata) == (None, False)
