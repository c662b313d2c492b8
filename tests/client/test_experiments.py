"""Experiments over a real socket: what is asked, what is read."""

import json

import pytest

from fake_braintrust import FakeBraintrust
from http_sink import Answer
from spanscore.client import RestClient
from spanscore.client import experiments as remote
from spanscore.client.projects import open_project
from spanscore.errors import NotFoundError, RejectedError, RetryLaterError
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core


def made(client: RestClient, name: str = "run", **options: object) -> remote.Json:
    project = open_project(client, "bot")
    request = ExperimentRequest(project="bot", name=name, **options)  # pyright: ignore[reportArgumentType]
    return remote.create_experiment(client, request, project_id=project.id)


def test_everything_that_is_known_is_told(server: FakeBraintrust, client: RestClient) -> None:
    project = open_project(client, "bot")
    request = ExperimentRequest(
        project="bot",
        name="run",
        description="a run",
        metadata={"model": "m"},
        tags=["nightly"],
        is_public=True,
        repo_info=RepoInfo(commit="c", dirty=False),
        ancestor_commits=["b", "a"],
        dataset_id="d",
        dataset_version="1000",
    )
    remote.create_experiment(client, request, project_id=project.id)
    assert json.loads(server.asked("/v1/experiment")[0].body) == {
        "project_id": project.id,
        "ensure_new": True,
        "name": "run",
        "description": "a run",
        "metadata": {"model": "m"},
        "tags": ["nightly"],
        "public": True,
        "repo_info": {"commit": "c", "dirty": False},
        "ancestor_commits": ["b", "a"],
        "dataset_id": "d",
        "dataset_version": "1000",
    }


def test_what_is_not_known_is_left_out(server: FakeBraintrust, client: RestClient) -> None:
    project = open_project(client, "bot")
    request = ExperimentRequest(project="bot", update=True, ancestor_commits=["a"])
    remote.create_experiment(client, request, project_id=project.id, baseline_id="base")
    assert json.loads(server.asked("/v1/experiment")[0].body) == {
        "project_id": project.id,
        "ensure_new": False,
        "base_exp_id": "base",
        "public": False,
    }


def test_making_one_is_never_tried_again(server: FakeBraintrust, client: RestClient) -> None:
    project = open_project(client, "bot")
    server.script.append(Answer(status=503))
    with pytest.raises(RetryLaterError):
        remote.create_experiment(client, ExperimentRequest(project="bot"), project_id=project.id)
    assert len(server.asked("/v1/experiment")) == 1


def test_one_is_found_by_name_or_id(server: FakeBraintrust, client: RestClient) -> None:
    experiment = made(client)
    project_id = experiment["project_id"]
    assert remote.find_experiment(client, "run", project="bot") == experiment
    assert remote.find_experiment(client, "run", project_id=project_id, org_name="first") == experiment
    assert remote.read_experiment(client, experiment["id"]) == experiment
    with pytest.raises(NotFoundError, match="no experiment 'none' in project 'bot'"):
        remote.find_experiment(client, "none", project="bot")
    server.script.append(Answer(body=b"[]"))
    with pytest.raises(RejectedError, match="answered with no experiment"):
        remote.read_experiment(client, experiment["id"])


def test_rows_are_read_a_portion_at_a_time(server: FakeBraintrust, client: RestClient) -> None:
    experiment = made(client)
    body = json.dumps({"events": [{"id": str(number)} for number in range(5)]}).encode()
    assert remote.insert_rows(client, experiment["id"], body) == 5
    server.portion = 2
    rows = remote.fetch_rows(client, experiment["id"], portion=2)
    fetched = f"/v1/experiment/{experiment['id']}/fetch"
    assert next(rows)["id"] == "0"
    assert len(server.asked(fetched)) == 1
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert [json.loads(request.body).get("cursor") for request in server.asked(fetched)] == [None, "2", "4"]


def test_a_cursor_that_stays_ends_the_reading(server: FakeBraintrust, client: RestClient) -> None:
    answer = Answer(body=b'{"events":[{"id":"1"}],"cursor":"same"}')
    server.script += [answer, answer, answer]
    assert [row["id"] for row in remote.fetch_rows(client, "any")] == ["1", "1"]


def test_the_services_own_figures_and_baseline(server: FakeBraintrust, client: RestClient) -> None:
    experiment = made(client)
    told = remote.summarize(client, experiment["id"], comparison_id="other")
    assert (told["project_name"], told["experiment_name"], told["scores"]) == ("bot", "run", {})
    assert server.requests[-1].path.endswith("?summarize_scores=true&comparison_experiment_id=other")
    assert remote.base_experiment(client, experiment["id"]) is None
    server.experiments[0]["base_exp_id"] = experiment["id"]
    assert remote.base_experiment(client, experiment["id"]) == (experiment["id"], "run")
