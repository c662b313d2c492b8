"""The TypeScript interface `Evaluator`: each property, by its name in Python."""

import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from experiment_rows import registered
from fake_braintrust import KEY, FakeBraintrust
from spanscore import Evaluator, GitMetadataSettings, RepoInfo, login_to_state
from spanscore.api._recording import stop_recording
from spanscore.errors import EvalTimeoutError
from spanscore.evals import ExperimentResult
from two_accounts import two_accounts

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


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The working directory is a repository with one commit, whose hash this is."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for arguments in (
        ("init", "-q", "-b", "main"),
        (*person, "commit", "-q", "--allow-empty", "-m", "first"),
    ):
        subprocess.run(("git", *arguments), check=True)
    return subprocess.run(
        ("git", "rev-parse", "HEAD"), check=True, capture_output=True, text=True
    ).stdout.strip()


def test_git_metadata_settings_say_what_is_collected(repository: str) -> None:
    def collected(settings: GitMetadataSettings | None) -> dict[str, Any] | None:
        return registered(run(git_metadata_settings=settings).experiment.id)["repo_info"]

    everything = collected(None)
    assert everything is not None
    assert (everything["commit"], everything["branch"], everything["author_name"]) == (
        repository,
        "main",
        "Ada",
    )
    some = collected(GitMetadataSettings(collect="some", fields=["branch"]))
    assert some is not None
    assert {name: value for name, value in some.items() if value is not None} == {"branch": "main"}
    assert collected(GitMetadataSettings(collect="none")) is None


def test_is_public_is_told_to_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeBraintrust() as server:
        for name in ("BRAINTRUST_APP_URL", "BRAINTRUST_API_URL"):
            monkeypatch.setenv(name, server.url)
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        run(is_public=True)
        run()
        stop_recording()
        assert [bool(made.get("public")) for made in server.experiments] == [True, False]


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


def test_repo_info_goes_before_git_metadata_settings(repository: str) -> None:
    told = RepoInfo(commit="c" * 40, branch="other", dirty=False)
    result = run(repo_info=told, git_metadata_settings=GitMetadataSettings(collect="all"))
    stored = registered(result.experiment.id)["repo_info"]
    assert (stored["commit"], stored["branch"], stored["author_name"]) == ("c" * 40, "other", None)


def test_scores_are_functions_of_input_output_and_expected() -> None:
    assert run().summary.scores["exact"].mean == 0.5


def test_state_connects_to_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    with two_accounts(monkeypatch) as accounts:
        result = run(state=login_to_state(**accounts.of_globex))
        assert [each["id"] for each in accounts.globex.experiments] == [result.experiment.id]
        assert accounts.acme.requests == []


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
