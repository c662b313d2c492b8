import pytest

from spanscore.evals._case import case_key
from spanscore.evals._source import Source
from spanscore.evals._trials import Trials

pytestmark = pytest.mark.core


async def everything(trials: Trials) -> list[tuple[int, object, int]]:
    found: list[tuple[int, object, int]] = []
    while (trial := await trials.next()) is not None:
        found.append((trial.number, trial.case.input, trial.trial_index))
    return found


def trials_of(data: list[dict[str, object]], trial_count: int) -> Trials:
    return Trials(Source(data), trial_count, 1000)


async def test_each_case_is_given_out_as_often_as_it_is_wanted() -> None:
    trials = trials_of([{"input": "a"}, {"input": "b", "trial_count": 1}], 2)
    assert trials.total == 4
    assert await everything(trials) == [(0, "a", 0), (1, "a", 1), (2, "b", 0)]


async def test_equal_inputs_count_on() -> None:
    data: list[dict[str, object]] = [
        {"input": {"x": 1, "y": 2}},
        {"input": "other"},
        {"input": {"y": 2, "x": 1}, "trial_count": 1},
        {"input": {"x": 1, "y": 2}},
    ]
    found = await everything(trials_of(data, 2))
    assert [index for _, value, index in found if value != "other"] == [0, 1, 2, 3, 4]


async def test_a_trial_brings_the_json_and_the_key_of_its_input() -> None:
    trial = await Trials(Source([{"input": "x" * 1000}]), 1, 100).next()
    assert trial is not None
    assert len(trial.input_json) <= 100
    assert trial.case_key == case_key(trial.input_json)


async def test_the_number_of_trials_is_unknown_where_that_of_cases_is() -> None:
    assert Trials(Source(iter([])), 2, 1000).total is None


async def test_a_stop_takes_back_the_trials_that_wait() -> None:
    trials = trials_of([{"input": "a"}], 5)
    await trials.next()
    trials.stop()
    assert await everything(trials) == []
