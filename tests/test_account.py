"""Experiments that Braintrust is told of before their first case, and whose rows the embedded store has."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer
from spanscore._config import Settings
from spanscore._connect import connect, open_store
from spanscore.api._recording import start_recording
from spanscore.errors import RejectedError, UnauthorizedError
from spanscore.tracing import start_span
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.repo import GitMetadataSettings, RepoInfo
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core
NO_GIT = GitMetadataSettings(collect="none")


@pytest.fixture
def server() -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        yield each


def overrides(server: FakeBraintrust, home: Path) -> dict[str, Any]:
    return {"home": home, "api_key": KEY, "api_url": server.url, "app_url": server.url}


def names(settings: Settings, experiment_id: str) -> list[str]:
    parent = Parent(ParentKind.EXPERIMENT_ID, experiment_id)
    return [row.name for row in open_store(settings).rows(parent)]


def test_it_is_registered_before_any_span_and_its_rows_go_to_both(
    server: FakeBraintrust, tmp_path: Path
) -> None:
    connection = start_recording(provider=None, **overrides(server, tmp_path))
    request = ExperimentRequest(project="bot", name="run", git_metadata_settings=NO_GIT)
    made = connection.backend.register_experiment(request)
    assert made.id == server.experiments[0]["id"]
    assert connection.backend.permalink(made) == f"{server.url}/app/first/p/bot/experiments/run"
    start_span("case", type="eval", parent=f"experiment_id:{made.id}").end()
    start_span("log", parent="project_name:bot").end()
    assert connection.outbox.flush()
    assert server.paths()[:3] == ["POST /api/apikey/login", "POST /v1/project", "POST /v1/experiment"]
    assert sorted(span["braintrust.parent"] for span in server.spans()) == [
        f"experiment_id:{made.id}",
        "project_name:bot",
    ]
    assert names(connection.settings, made.id) == ["case"]
    assert open_store(connection.settings).find_experiment("run").id == made.id
    assert open_store(connection.settings).logs() == []


def test_an_update_adds_to_the_experiment_in_both(server: FakeBraintrust, tmp_path: Path) -> None:
    backend = connect(server.settings(tmp_path)).backend
    request = ExperimentRequest(project="bot", name="run", update=True, git_metadata_settings=NO_GIT)
    assert backend.register_experiment(request).id == backend.register_experiment(request).id
    assert len(server.experiments) == 1


def test_a_failure_says_what_to_do_and_leaves_nothing(server: FakeBraintrust, tmp_path: Path) -> None:
    connection = connect(server.settings(tmp_path, api_key="wrong-key"))
    request = ExperimentRequest(project="bot", git_metadata_settings=NO_GIT)
    with pytest.raises(
        UnauthorizedError, match=r'cannot be registered: .*Invalid API key.*on_unreachable="local"'
    ):
        connection.backend.register_experiment(request)
    assert open_store(connection.settings).experiments() == []


def test_a_server_that_refuses_is_told_with_its_words(server: FakeBraintrust, tmp_path: Path) -> None:
    server.script += [Answer(status=400, body=b"the project is archived")]
    backend = connect(server.settings(tmp_path)).backend
    with pytest.raises(RejectedError, match="the project is archived"):
        backend.register_experiment(ExperimentRequest(project="bot", git_metadata_settings=NO_GIT))


def test_where_it_may_be_local_it_runs_for_the_store_alone(
    server: FakeBraintrust, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.keys.clear()
    connection = start_recording(provider=None, **overrides(server, tmp_path))
    request = ExperimentRequest(project="bot", on_unreachable="local", git_metadata_settings=NO_GIT)
    with caplog.at_level(logging.WARNING, "spanscore"):
        made = connection.backend.register_experiment(request)
    assert "`spanscore export EXPERIMENT --to braintrust` sends it later" in caplog.text
    start_span("case", type="eval", parent=f"experiment_id:{made.id}").end()
    assert connection.outbox.flush()
    assert names(connection.settings, made.id) == ["case"]
    assert server.spans() == []
    assert connection.backend.permalink(made).startswith("spanscore experiments show")


def test_without_braintrust_nobody_is_asked(server: FakeBraintrust, tmp_path: Path) -> None:
    connection = connect(server.settings(tmp_path, destinations=["local"]))
    made = connection.backend.register_experiment(ExperimentRequest(project="bot"))
    assert connection.backend.permalink(made) == "spanscore experiments show bot/experiment-1"
    assert server.requests == []


@pytest.mark.parametrize("is_on", [True, False])
def test_no_secret_of_the_run_is_told_to_anybody(server: FakeBraintrust, tmp_path: Path, is_on: bool) -> None:
    secret = "sk-ant-api03-" + "aB3" * 20
    repo = RepoInfo(commit="0123456789abcdef" * 2 + "01234567", commit_message=f"use {secret}", dirty=True)
    request = ExperimentRequest(
        project="bot",
        metadata={"api_key": secret, "model": {"name": "m", "rate": 0.5}, "note": f"with {secret}"},
        description=f"run with {secret}",
        repo_info=repo,
    )
    connection = connect(server.settings(tmp_path, redact=is_on))
    made = connection.backend.register_experiment(request)
    stored = repr(open_store(connection.settings).request_of(made.id))
    (told,) = server.experiments
    assert (secret in repr(told), secret in stored) == (not is_on, not is_on)
    assert (told["metadata"]["model"], told["repo_info"]["dirty"]) == ({"name": "m", "rate": 0.5}, True)
    assert (told["commit"], told["repo_info"]["commit"]) == (repo.commit, repo.commit)
