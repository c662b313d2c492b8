"""The TypeScript interface `Evaluator`: each property, by its name in Python."""

import threading
from pathlib import Path
from typing import Any

import pytest

from experiment_rows import registered
from http_sink import HttpSink
from spanscore import Evaluator, GitMetadataSettings, RepoInfo
from spanscore.errors import EvalTimeoutError
from spanscore.evals import ExperimentResult

pytestmark = pytest.mark.core

DATA = [{"input": 1, "expected": 1}, {"input": 2, "expected": 1}]


def same(input: int) -> int:
    return input


def exact(output: int, expected: int) -> bool:
    return output == expected


def run(data: Any = DATA, task: Any = same, **options: Any) -> ExperimentResult:
    return Evaluator("interface", data, task, [exact], quiet=True, **options).run()


def test_base_experiment_id_goes_before_base_experiment_name() -> None:
    first, second = run(experiment_name="first"), run(experiment_name="second")
    by_id = run(base_experiment_id=first.experiment.id, base_experiment_name="second")
    by_name = run(base_experiment_name="first")
    assert (by_id.summary.baseline, by_name.summary.baseline, second.summary.baseline) == (
        "first",
        "first",
        "first",
    )


def test_data_is_a_function_that_returns_cases() -> None:
    assert run(lambda: DATA).summary.cases == 2


def test_experiment_name_is_optional() -> None:
    assert run(experiment_name="mine").summary.experiment == "mine"
    assert run().summary.experiment != ""


def test_git_metadata_settings_say_what_is_collected() -> None:
    result = run(git_metadata_settings=GitMetadataSettings(collect="none"))
    assert result.summary.cases == 2


def test_is_public_is_told_to_the_server() -> None:
    assert run(is_public=True).summary.cases == 2


def test_max_concurrency_bounds_how_many_cases_run_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def task(input: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        return input

    run([{"input": number} for number in range(12)], task, max_concurrency=3)
    assert most == 3


def test_metadata_is_the_experiments() -> None:
    assert registered(run(metadata={"k": [1]}).experiment.id)["metadata"] == {"k": [1]}


def test_project_id_goes_before_the_name() -> None:
    first = run()
    second = Evaluator(
        "another name", DATA, same, [exact], quiet=True, project_id=first.experiment.project_id
    ).run()
    assert second.experiment.project_id == first.experiment.project_id


def test_repo_info_goes_before_git_metadata_settings() -> None:
    told = RepoInfo(commit="c" * 40, branch="main", dirty=False)
    result = run(repo_info=told, git_metadata_settings=GitMetadataSettings(collect="none"))
    assert result.summary.cases == 2


def test_scores_are_functions_of_input_output_and_expected() -> None:
    assert run().summary.scores["exact"].mean == 0.5


def test_state_connects_to_another_account(tmp_path: Path) -> None:
    """Here a connection is chosen by `setup`, or by the arguments of `init` and `init_logger`."""
    with HttpSink() as sink:
        assert run().summary.cases == 2
        assert sink.requests == []


def test_a_task_takes_an_input_and_returns_an_output() -> None:
    assert [each.output for each in run().results] == [1, 2]


def test_timeout_ends_the_run_in_seconds() -> None:
    never = threading.Event()

    def task(input: int) -> int:
        return input if input == 1 else never.wait(30)

    with pytest.raises(EvalTimeoutError):
        run(task=task, timeout=0.2)
    never.set()


def test_trial_count_runs_each_input_several_times() -> None:
    result = run(trial_count=3)
    assert (result.summary.cases, [each.trial_index for each in result.results]) == (6, [0, 1, 2] * 2)


def test_update_adds_to_the_experiment_of_that_name() -> None:
    first = run(experiment_name="nightly")
    second = run([{"input": 3, "expected": 3}], experiment_name="nightly", update=True)
    assert (second.experiment.id, second.summary.cases) == (first.experiment.id, 3)
