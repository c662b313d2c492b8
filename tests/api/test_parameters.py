"""`load_parameters` over a real socket, and evals that are run with what it gives."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer, Request
from spanscore import Eval, EvalHooks, GitMetadataSettings, init, load_parameters
from spanscore.errors import ConfigError, NotFoundError

pytest.importorskip("jsonschema")

PARAMETERS: dict[str, Any] = {
    "id": "f1",
    "_xact_id": "1000197156529394086",
    "project_id": "p1",
    "name": "Tuning",
    "slug": "tuning",
    "function_type": "parameters",
    "function_data": {
        "type": "parameters",
        "data": {"model": "small"},
        "__schema": {
            "type": "object",
            "properties": {"model": {"type": "string"}, "k": {"type": "integer", "default": 3}},
        },
    },
}
NO_GIT = GitMetadataSettings(collect="none")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        each.before = answered
        yield each


def answered(request: Request) -> Answer | None:
    if not request.path.startswith("/v1/function"):
        return None
    found = [PARAMETERS] if "slug=tuning" in request.path else []
    return Answer(body=json.dumps({"objects": found}).encode())


def test_an_eval_is_run_with_them(server: FakeBraintrust) -> None:
    def task(input: int, hooks: EvalHooks) -> dict[str, Any]:
        return dict(hooks.parameters)

    loaded = load_parameters("bot", "tuning")
    result = Eval("bot", [{"input": 1}], task, [], parameters=loaded, quiet=True)
    assert result.results[0].output == {"model": "small", "k": 3}
    (made,) = server.experiments
    assert (made["parameters_id"], made["parameters_version"]) == ("f1", "1000197156529394086")


def test_an_experiment_is_told_of_them(server: FakeBraintrust) -> None:
    with init("bot", "run", parameters=load_parameters("bot", "tuning"), git_metadata_settings=NO_GIT):
        pass
    with init("bot", "by id", parameters={"id": "f2", "version": "7"}, git_metadata_settings=NO_GIT):
        pass
    told = [(made["parameters_id"], made["parameters_version"]) for made in server.experiments]
    assert told == [("f1", "1000197156529394086"), ("f2", "7")]


def test_what_does_not_fit_is_refused(server: FakeBraintrust, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARAMETERS["function_data"]["data"], "k", "many")
    loaded = load_parameters("bot", "tuning")
    with pytest.raises(ConfigError, match="the parameters does not fit its JSON schema: k"):
        Eval("bot", [{"input": 1}], lambda input: input, [], parameters=loaded, quiet=True)


def test_while_the_server_is_away_they_are_the_last_known(
    server: FakeBraintrust, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = load_parameters("bot", "tuning")
    server.before = lambda _request: Answer(status=500)
    monkeypatch.setattr("spanscore.client._http.ATTEMPTS", 1)
    assert load_parameters("bot", "tuning") == first
    assert "the set of parameters bot/tuning is as it was when it was last loaded" in caplog.text


def test_what_is_not_there_and_too_few_arguments(server: FakeBraintrust) -> None:
    with pytest.raises(NotFoundError, match="there is no set of parameters bot/none"):
        load_parameters("bot", "none")
    with pytest.raises(ConfigError, match="the slug of the set of parameters is not given"):
        load_parameters("bot")
