"""Registering an experiment: the order of the traffic, and what may be told."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from fake_braintrust import FakeBraintrust
from http_sink import Answer
from spanscore.client import Registration, RestClient
from spanscore.client.projects import open_project
from spanscore.errors import ConfigError, RetryLaterError, UnauthorizedError
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRequest

pytestmark = pytest.mark.core

REPO = RepoInfo(commit="c", branch="main", author_email="ada@example.com")


def body(server: FakeBraintrust) -> dict[str, Any]:
    return json.loads([each for each in server.asked("/v1/experiment") if each.method == "POST"][-1].body)


def test_the_order_of_the_traffic(server: FakeBraintrust, client: RestClient) -> None:
    registration = Registration(client)
    first = registration.register(ExperimentRequest(project="bot", name="run"))
    second = registration.register(ExperimentRequest(project="bot", name="run", baseline="run"))
    assert server.paths() == [
        "POST /api/apikey/login",
        "POST /v1/project",
        "POST /v1/experiment",
        "POST /v1/project",
        "GET /v1/experiment",
        "POST /v1/experiment",
    ]
    assert (first.project, first.name, first.id) == ("bot", "run", server.experiments[0]["id"])
    assert second.name.startswith("run-")
    assert body(server)["base_exp_id"] == first.id
    assert registration.permalink(first) == f"{server.url}/app/first/p/bot/experiments/run"


def test_a_project_may_be_named_by_its_id(server: FakeBraintrust, client: RestClient) -> None:
    project = open_project(client, "bot")
    made = Registration(client).register(ExperimentRequest(project="", project_id=project.id))
    assert (made.project, made.project_id) == ("bot", project.id)


def test_a_baseline_that_is_an_id_is_not_looked_for(server: FakeBraintrust, client: RestClient) -> None:
    known = "0b1c2d3e-0000-4000-8000-000000000000"
    Registration(client).register(ExperimentRequest(project="bot", baseline=known))
    assert body(server)["base_exp_id"] == known
    assert [request.method for request in server.asked("/v1/experiment")] == ["POST"]


def test_a_baseline_that_is_not_there_is_told_and_left_out(
    server: FakeBraintrust, client: RestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "spanscore"):
        Registration(client).register(ExperimentRequest(project="bot", baseline="none"))
    assert "base_exp_id" not in body(server)
    assert "the baseline 'none' is not in the project" in caplog.text


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (None, {}),
        ({"collect": "none"}, {}),
        (
            {"collect": "some", "fields": ["commit"]},
            {"repo_info": {"commit": "c"}, "ancestor_commits": ["b"]},
        ),
        (
            {"collect": "all"},
            {
                "repo_info": {"commit": "c", "branch": "main", "author_email": "ada@example.com"},
                "ancestor_commits": ["b"],
            },
        ),
    ],
)
def test_of_the_repository_is_told_what_the_organisation_allows(
    server: FakeBraintrust, client: RestClient, settings: Any, told: dict[str, Any]
) -> None:
    server.organisations[0]["git_metadata"] = settings
    request = ExperimentRequest(project="bot", repo_info=REPO, ancestor_commits=["b"])
    Registration(client).register(request)
    sent = body(server)
    assert {key: sent[key] for key in ("repo_info", "ancestor_commits") if key in sent} == told


def test_what_the_program_gives_itself_is_told_as_it_is(server: FakeBraintrust, client: RestClient) -> None:
    Registration(client).register(ExperimentRequest(project="bot", repo_info=REPO), is_repo_given=True)
    assert body(server)["repo_info"] == {"commit": "c", "branch": "main", "author_email": "ada@example.com"}


def test_failures_are_those_of_the_requests(server: FakeBraintrust, tmp_path: Path) -> None:
    request = ExperimentRequest(project="bot")
    wrong = RestClient(server.settings(tmp_path, api_key="wrong-key"))
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        Registration(wrong).register(request)
    elsewhere = RestClient(server.settings(tmp_path, org_name="third"))
    with pytest.raises(ConfigError, match="no organisation 'third'"):
        Registration(elsewhere).register(request)
    assert server.experiments == []


def test_all_of_it_ends_by_the_deadline(server: FakeBraintrust, client: RestClient) -> None:
    server.answer = lambda _request: Answer(status=429, headers={"retry-after": "31"})
    with pytest.raises(RetryLaterError, match="429"):
        Registration(client, deadline_s=30).register(ExperimentRequest(project="bot"))
    assert len(server.requests) == 1
    with pytest.raises(RetryLaterError, match="in the time there was"):
        Registration(client, deadline_s=0).register(ExperimentRequest(project="bot"))
    assert len(server.requests) == 1
