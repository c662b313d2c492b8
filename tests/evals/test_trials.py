import pytest

from spanscore.evals._source import Source
from spanscore.evals._trials import Trials

pytestmark = pytest.mark.core


async def everything(trials: Trials) -> list[tuple[int, object, int]]:
    found: list[tuple[int, object, int]] = []
    while (trial := await trials.next()) is not None:
        found.append((trial.number, trial.case.input, trial.trial_index))
    return found


async def test_each_case_is_given_out_as_often_as_it_is_wanted() -> None:
    trials = Trials(Source([{"input": "a"}, {"input": "b", "trial_count": 1}]), 2)
    assert trials.total == 4
    assert await everything(trials) == [(0, "a", 0), (1, "a", 1), (2, "b", 0)]


async def test_the_number_of_trials_is_unknown_where_that_of_cases_is() -> None:
    assert Trials(Source(iter([])), 2).total is None


async def test_a_stop_takes_back_the_trials_that_wait() -> None:
    trials = Trials(Source([{"input": "a"}]), 5)
    await trials.next()
    trials.stop()
    assert await everything(trials) == []
