"""Stored trials handed out again: as what they were, with what their task left."""

from typing import Any

import pytest

from spanscore._json import to_json
from spanscore.evals._case import case_key
from spanscore.evals._rescore import StoredTrials
from spanscore.evals._stored import StoredTrial, stored_trial
from spanscore.evals._trials import Trial
from spanscore.wire.rows import Row
from spanscore.wire.trials import Fingerprints, FinishedTrial

pytestmark = pytest.mark.core


def row(number: int, **fields: Any) -> Row:
    return Row(
        parent="experiment_id:e",
        id=f"{number:016x}",
        span_id=f"{number:016x}",
        root_span_id=f"{number:032x}",
        parent_span_id=None,
        name="eval",
        type="eval",
        start_ns=1,
        end_ns=2,
        fields={name: to_json(value) for name, value in fields.items()},
    )


def trials_of(*rows: Row) -> StoredTrials:
    by_trace = {each.root_span_id: each for each in rows}

    async def load(trace_id: str) -> StoredTrial:
        return stored_trial([by_trace[trace_id]])

    finished = [
        FinishedTrial(
            case_key="0" * 32,
            trial=None,
            attempt=1,
            is_error=False,
            is_scorer_error=False,
            lowest_score=None,
            fingerprints=Fingerprints(),
            trace_id=each.root_span_id,
        )
        for each in rows
    ]
    return StoredTrials(finished, load, experiment_id="e")


async def everything(trials: StoredTrials) -> list[Trial]:
    found: list[Trial] = []
    while (trial := await trials.next()) is not None:
        found.append(trial)
    return found


async def test_a_trial_keeps_its_key_its_index_and_where_it_came_from() -> None:
    origin = {"object_type": "dataset", "object_id": "d", "id": "7"}
    key = "ab" * 16
    own = row(1, input="q", output="a", metadata={"case_key": key, "trial_index": 3}, origin=origin)
    trials = trials_of(own)
    assert trials.total == 1
    (trial,) = await everything(trials)
    assert (trial.case_key, trial.trial_index, trial.input_json) == (key, 3, '"q"')
    assert trial.case.origin == origin
    assert trial.stored is not None
    assert trial.stored.output == "a"


async def test_what_another_program_recorded_is_counted_by_its_input() -> None:
    rows = [row(1, input="q"), row(2, input="r"), row(3, input="q", metadata={"case_key": "theirs"})]
    found = await everything(trials_of(*rows))
    assert [(each.case.input, each.trial_index) for each in found] == [("q", 0), ("r", 0), ("q", 1)]
    assert found[0].case_key == found[2].case_key == case_key('"q"')
    assert found[1].case.origin == {"object_type": "experiment", "object_id": "e", "id": f"{2:016x}"}


async def test_after_a_stop_there_is_nothing_more() -> None:
    trials = trials_of(row(1, input="q"), row(2, input="r"))
    assert await trials.next() is not None
    trials.stop()
    assert await everything(trials) == []
