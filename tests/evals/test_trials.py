import pytest

from spanscore._json import to_json
from spanscore.evals._case import case_key
from spanscore.evals._resume import Finished
from spanscore.evals._source import Source
from spanscore.evals._stored import StoredTrial, stored_trial
from spanscore.evals._trials import Trials
from spanscore.wire.rows import Row
from spanscore.wire.trials import Fingerprints, FinishedTrial

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


NOW = Fingerprints(task="now", scorers={"exact": "now"})


def finished(value: object, trial: int, *, task: str = "now", scorer: str = "now") -> FinishedTrial:
    return FinishedTrial(
        case_key=case_key(to_json(value)),
        trial=trial,
        attempt=2,
        is_error=False,
        is_scorer_error=False,
        lowest_score=None,
        fingerprints=Fingerprints(task=task, scorers={"exact": scorer}),
        trace_id="a" * 32,
    )


async def load(trace_id: str) -> StoredTrial:
    fields = {"output": to_json("stored")}
    spans = {"id": "b" * 16, "span_id": "b" * 16, "root_span_id": trace_id, "parent_span_id": None}
    about = {"parent": "experiment_id:e", "name": "eval", "type": "eval", "start_ns": 1, "end_ns": 2}
    return stored_trial([Row(**spans, **about, fields=fields)])  # pyright: ignore[reportArgumentType]


async def test_finished_trials_are_left_out_and_counted() -> None:
    past = Finished(NOW, load).read([finished("a", 0), finished("b", 1), finished("gone", 0)])
    trials = Trials(Source([{"input": each} for each in "abc"]), 2, 1000, finished=past)
    assert trials.total == 3
    assert await everything(trials) == [(1, "a", 1), (2, "b", 0), (4, "c", 0), (5, "c", 1)]
    assert trials.skipped == 2


async def test_a_changed_task_makes_another_attempt() -> None:
    past = Finished(NOW, load).read([finished("a", 0, task="before")])
    trial = await Trials(Source([{"input": "a"}]), 1, 1000, finished=past).next()
    assert trial is not None
    assert (trial.attempt, trial.stored) == (3, None)


async def test_a_changed_scorer_gets_the_stored_output() -> None:
    past = Finished(NOW, load).read([finished("a", 0, scorer="before")])
    trial = await Trials(Source([{"input": "a"}]), 1, 1000, finished=past).next()
    assert trial is not None
    assert trial.attempt == 3
    assert trial.stored is not None
    assert (trial.stored.output, trial.stored.trace_id) == ("stored", "a" * 32)


async def test_nothing_is_left_where_all_is_finished() -> None:
    past = Finished(NOW, load).read(finished(number, 0) for number in range(2000))
    trials = Trials(Source({"input": number} for number in range(2000)), 1, 1000, finished=past)
    assert await everything(trials) == []
    assert trials.skipped == 2000
