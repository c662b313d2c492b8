from typing import Any

import pytest

from spanscore.scoring import PreparedScorer, Score, prepare_scorers

pytestmark = pytest.mark.core

VALUES = {"input": "i", "output": "4", "expected": "4", "metadata": {}}


def exact(output: Any, expected: Any) -> bool:
    return output == expected


class Judge:
    name = "judge"

    def __call__(self, output: Any) -> Score:
        return Score(self.name, 1.0)


async def scores(scorer: PreparedScorer) -> tuple[Score, ...]:
    return scorer.read(scorer.call(VALUES))


async def test_scorers_of_one_name_are_told_apart_with_their_scores() -> None:
    prepared = prepare_scorers([exact, Judge(), Judge(), exact, Judge()])
    names = ["exact", "judge", "judge_2", "exact_2", "judge_3"]
    assert [scorer.name for scorer in prepared] == names
    assert [score.name for scorer in prepared for score in await scores(scorer)] == names


async def test_only_a_score_of_the_own_name_is_renamed() -> None:
    def several(output: Any) -> list[Score]:
        return [Score("several", 1.0), Score("other", 0.0)]

    first, second = prepare_scorers([several, several])
    assert [score.name for score in await scores(first)] == ["several", "other"]
    assert [score.name for score in await scores(second)] == ["several_2", "other"]
