"""An eval whose experiment is in a Braintrust account: the order of the traffic, and what fails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer, Request
from spanscore import BaseExperiment, Eval, Evaluator, GitMetadataSettings, init, setup
from spanscore.errors import NotFoundError, RejectedError, UnauthorizedError

pytestmark = pytest.mark.core
DATA = [{"input": number, "expected": number} for number in range(3)]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        yield each


def exact(output: Any, expected: Any) -> bool:
    return output == expected


def echo(input: int) -> int:
    return input


def test_it_is_registered_first_and_its_rows_are_there_when_it_returns(server: FakeBraintrust) -> None:
    result = Eval("bot", DATA, echo, [exact], experiment_name="run", quiet=True)
    (made,) = server.experiments
    assert (result.experiment.id, result.summary.cases) == (made["id"], 3)
    assert server.paths()[:3] == ["POST /api/apikey/login", "POST /v1/project", "POST /v1/experiment"]
    assert set(server.paths()[3:]) == {"POST /otel/v1/traces"}
    spans = server.spans()
    assert len(spans) == 9
    assert {span["braintrust.parent"] for span in spans} == {f"experiment_id:{made['id']}"}
    assert result.summary.scores["exact"].mean == 1.0


def test_the_next_one_is_compared_with_it(server: FakeBraintrust) -> None:
    Eval("bot", DATA, echo, [exact], experiment_name="first", quiet=True)
    second = Eval("bot", DATA, echo, [exact], experiment_name="second", base_experiment="first", quiet=True)
    assert second.summary.baseline == "first"
    assert server.experiments[1]["base_exp_id"] == server.experiments[0]["id"]


def test_a_baseline_that_was_run_elsewhere_is_the_accounts_to_compare_with(
    server: FakeBraintrust, caplog: pytest.LogCaptureFixture
) -> None:
    Eval("bot", DATA, echo, [exact], experiment_name="here", quiet=True)
    elsewhere = {**server.experiments[0], "id": str(uuid4()), "name": "elsewhere"}
    server.experiments.append(elsewhere)
    result = Eval("bot", DATA, echo, [exact], base_experiment="elsewhere", quiet=True)
    assert (result.summary.cases, server.experiments[-1]["base_exp_id"]) == (3, elsewhere["id"])
    assert caplog.text.count("no comparison with 'elsewhere' here") == 1
    base = init("bot", base_experiment="elsewhere").fetch_base_experiment()
    assert base is not None
    assert (base.id, base.name) == (elsewhere["id"], "elsewhere")


def test_nothing_runs_if_it_cannot_be_registered(
    server: FakeBraintrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    monkeypatch.setenv("BRAINTRUST_API_KEY", "wrong-key")
    with pytest.raises(UnauthorizedError, match="nothing has run"):
        Eval("bot", DATA, ran.append, [exact], quiet=True)
    assert (ran, server.paths()) == ([], ["POST /api/apikey/login"])


def test_making_it_is_never_tried_twice(server: FakeBraintrust) -> None:
    def refuse(request: Request) -> Answer | None:
        return Answer(status=400, body=b"no experiments today") if request.path == "/v1/experiment" else None

    server.before = refuse
    with pytest.raises(RejectedError, match="no experiments today"):
        Eval("bot", DATA, echo, [exact], quiet=True)
    assert len(server.asked("/v1/experiment")) == 1


def test_it_runs_for_the_store_alone_where_that_will_do(
    server: FakeBraintrust, caplog: pytest.LogCaptureFixture
) -> None:
    server.keys.clear()
    result = Eval("bot", DATA, echo, [exact], on_unreachable="local", quiet=True)
    assert (result.summary.cases, server.spans()) == (3, [])
    assert "`spanscore export EXPERIMENT --to braintrust` sends it later" in caplog.text


def test_nobody_is_asked_where_nothing_is_sent(server: FakeBraintrust) -> None:
    assert Eval("bot", DATA, echo, [exact], no_send_logs=True, quiet=True).success
    assert server.requests == []


def run_elsewhere(server: FakeBraintrust, tmp_path: Path) -> str:
    """The id of an experiment that another machine has run: one case of two trials, and a span below."""
    setup(home=tmp_path / "elsewhere")
    made = init("bot", "elsewhere", git_metadata_settings=GitMetadataSettings(collect="none"))
    of_trial = {"case_key": "k", "attempt": 1, "fingerprints": {}}
    rows = [
        {"id": "a", "input": 2, "output": 4, "metadata": {**of_trial, "trial_index": 0, "level": 3}},
        {"id": "b", "input": 2, "output": 5, "metadata": {**of_trial, "trial_index": 1}},
        {"id": "c", "input": 2, "span_parents": ["a"], "output": 4},
    ]
    ended = {"root_span_id": "t", "metrics": {"start": 1.0, "end": 2.0}, "_xact_id": "9"}
    server.rows[made.id] = {str(row["id"]): {**ended, "span_id": row["id"], **row} for row in rows}
    setup(home=tmp_path / "here")
    return made.id


@pytest.mark.parametrize("base", [BaseExperiment("elsewhere"), BaseExperiment()])
def test_the_cases_of_one_that_was_run_elsewhere_come_from_the_account(
    base: BaseExperiment, server: FakeBraintrust, tmp_path: Path
) -> None:
    experiment_id = run_elsewhere(server, tmp_path)
    result = Eval("bot", base, lambda input: input * 2, [exact], base_experiment="elsewhere", quiet=True)
    (found,) = result.results
    assert (found.input, found.expected, found.output, found.scores) == (2, 4, 4, {"exact": 1.0})
    assert {**found.metadata} == {"level": 3}
    assert found.origin is not None
    assert (found.origin["object_id"], found.origin["id"]) == (experiment_id, "a")
    assert server.experiments[1]["base_exp_id"] == experiment_id


def test_the_account_tells_what_an_experiment_is_compared_with(
    server: FakeBraintrust, tmp_path: Path
) -> None:
    experiment_id = run_elsewhere(server, tmp_path)
    with init("bot", "here", base_experiment_id=experiment_id) as experiment:
        found = experiment.fetch_base_experiment()
    assert found is not None
    assert (found.id, found.name) == (experiment_id, "elsewhere")


def test_a_base_that_nobody_has_is_told(server: FakeBraintrust) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        Eval("bot", BaseExperiment("nowhere"), echo, [exact], quiet=True)


def test_cases_with_ids_of_their_own_replace_those_of_the_run_before(server: FakeBraintrust) -> None:
    data = [{"input": number, "expected": number, "upsert_id": f"case {number}"} for number in range(3)]
    nightly = Evaluator("bot", data, echo, [exact], experiment_name="nightly", update=True, quiet=True)
    nightly.run()
    result = nightly.run()
    assert result.summary.cases == 3
    assert len(server.merged) == 6
    assert {row["id"] for row in server.merged} == {"case 0", "case 1", "case 2"}
    first, again = (row for row in server.merged if row["id"] == "case 0")
    assert (first["span_id"], first["root_span_id"]) == (again["span_id"], again["root_span_id"])
    assert {name: again[name] for name in ("input", "output", "expected", "experiment_id", "_is_merge")} == {
        "input": 0,
        "output": 0,
        "expected": 0,
        "experiment_id": result.experiment.id,
        "_is_merge": False,
    }
    assert sorted({span["braintrust.span_attributes"] for span in server.spans()}) == [
        '{"type":"score","name":"exact","purpose":"scorer"}',
        '{"type":"task"}',
    ]


def test_a_row_of_an_id_of_its_own_is_found_by_it(server: FakeBraintrust) -> None:
    experiment = init("bot", "by hand", git_metadata_settings=GitMetadataSettings(collect="none"))
    assert experiment.log("q", "a", scores={"exact": 0}, id="order 17") == "order 17"
    experiment.log("q", "b", scores={"exact": 1}, id="order 17")
    experiment.log_feedback("order 17", scores={"human": 1})
    experiment.update_span("order 17", metadata={"reviewed": True})
    assert experiment.flush()
    (row,) = experiment.fetch()
    assert (row["id"], row["output"], row["scores"]) == ("order 17", "b", {"exact": 1, "human": 1})
    assert [(each["id"], each["_is_merge"]) for each in server.merged] == [
        ("order 17", False),
        ("order 17", False),
        ("order 17", True),
        ("order 17", True),
    ]
    assert server.merged[1]["output"] == "b"
    assert server.spans() == []
