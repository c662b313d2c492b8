"""An evaluator runs as often as it is asked to."""

import asyncio
from typing import Any, cast

import pytest

from spanscore import Evaluator
from spanscore.errors import ConfigError, EvalError
from spanscore.evals import ExperimentResult

pytestmark = pytest.mark.core


def evaluator(**given: Any) -> Evaluator:
    arguments: dict[str, Any] = {
        "data": [{"input": number} for number in range(3)],
        "task": lambda value: value,
        "scores": [lambda output: 1.0],
        "quiet": True,
        **given,
    }
    return Evaluator("reused", **arguments)


def test_each_run_is_an_experiment_of_its_own() -> None:
    reused = evaluator()
    first, second = reused.run(), reused.run()
    assert first.experiment.id != second.experiment.id
    assert (second.summary.cases, second.summary.baseline_id) == (3, first.experiment.id)


def test_a_run_may_differ_from_the_evaluator_and_leaves_it_as_it_is() -> None:
    reused = evaluator()
    result = reused.run(trial_count=2, experiment_name="twice")
    assert (result.summary.cases, result.experiment.name) == (6, "twice")
    assert (reused.trial_count, reused.experiment_name) == (1, None)


async def test_in_a_running_loop_it_is_a_task_to_be_awaited() -> None:
    running = evaluator().run()
    assert isinstance(running, asyncio.Task)
    assert (await cast("asyncio.Task[ExperimentResult]", running)).success
    assert (await evaluator().run_async(trial_count=2)).summary.cases == 6


def test_an_argument_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="trials"):
        evaluator().run(trials=3)


def test_it_has_the_official_names() -> None:
    named = evaluator(experiment_name="x")
    assert (named.project_name, named.eval_name) == ("reused", "reused [experiment_name=x]")
    assert evaluator().eval_name == "reused"


def test_an_error_of_an_eval_comes_alone() -> None:
    with pytest.raises(ConfigError) as caught:
        evaluator(trial_count=0).run()
    assert (caught.value.__context__, caught.value.__cause__) == (None, None)


def test_a_program_that_does_not_wait_for_its_eval_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def forgets() -> None:
        evaluator().run()

    asyncio.run(forgets())
    assert caplog.messages == [
        "an eval was cancelled before its end; await what Eval(…) returns in an event loop"
    ]


def test_a_generator_is_not_run_twice() -> None:
    reused = evaluator(data=({"input": number} for number in range(3)))
    assert reused.run().summary.cases == 3
    with pytest.raises(EvalError, match="data is a generator that has been read"):
        reused.run()
