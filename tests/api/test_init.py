"""Opening experiments: made or read, here or in an account."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_braintrust import KEY, FakeBraintrust
from fake_datasets import FakeDatasets
from spanscore import init, setup
from spanscore.errors import ConfigError, NotFoundError, UnauthorizedError
from spanscore.wire.repo import GitMetadataSettings, RepoInfo

pytestmark = pytest.mark.core
NO_GIT = GitMetadataSettings(collect="none")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        yield each


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "an experiment needs a project"),
        ({"project": "p", "experiment": "e", "open": True, "update": True}, "cannot be updated"),
        ({"project": "p", "open": True}, "which experiment is to be read"),
        ({"project": "p", "state": object()}, "state is object; give what login_to_state"),
        ({"project": "p", "metadata": "model"}, "metadata is 'model'; give a mapping"),
        ({"project": "p", "dataset": "faq"}, "dataset is 'faq'; give what init_dataset"),
        (
            {"project": "p", "dataset": {"id": "d", "environment": "live"}},
            "environment='live' is Braintrust's",
        ),
    ],
)
def test_arguments_that_cannot_be_meant(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        init(**options)  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_one_that_is_there_is_read() -> None:
    with init("p", "e") as written:
        written.log("q", "a", scores={"exact": 1}, tags=["t"])
        with (
            written.start_span("case", input="r", output="s", expected="u") as span,
            span.start_span("below"),
        ):
            pass
    read = init("p", "e", open=True)
    assert (read.id, read.name, read.project) == (written.id, "e", written.project)
    assert len(list(read)) == 3
    assert read.version == written.version
    cases = [(case["input"], case["expected"], case["tags"]) for case in read.as_dataset()]
    assert cases == [("q", "a", ["t"]), ("r", "u", None)]
    assert read.link() == "spanscore experiments show p/e"


def test_the_version_of_a_dataset_is_what_its_environment_has(
    server: FakeBraintrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
    FakeDatasets(server).environments["live"] = "1000"
    opened = init("p", dataset={"id": "d", "environment": "live"}, git_metadata_settings=NO_GIT)
    assert (opened.data["dataset_id"], opened.data["dataset_version"]) == ("d", "1000")
    assert server.experiments[0]["dataset_version"] == "1000"


def test_one_that_is_being_filled_is_read_up_to_now() -> None:
    written = init("p", "e")
    read = init("p", "e", open=True)
    for number in (1, 2):
        written.log(number, number, scores={})
        assert len(list(read)) == number


def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFoundError, match="no experiment 'none' in project 'p'"):
        init("p", "none", open=True)


def test_of_the_repository_is_known_what_the_program_says() -> None:
    told = init(
        "p",
        repo_info=RepoInfo(commit="c", branch="b"),
        parameters={"id": "x"},
        dataset={"id": "d", "version": 7},
    )
    assert (told.data["commit"], told.data["metadata"]) == ("c", {"parameters_id": "x"})
    assert (told.data["dataset_id"], told.data["dataset_version"]) == ("d", "7")


def test_the_account_is_that_of_the_arguments(server: FakeBraintrust) -> None:
    experiment = init("p", "e", api_key=KEY, org_name="second", git_metadata_settings=NO_GIT)
    assert experiment.id == server.experiments[0]["id"]
    assert experiment.link() == f"{server.url}/app/second/p/p/experiments/e"
    row_id = experiment.log("q", "a", scores={"exact": 1})
    summary = experiment.summarize()
    assert (summary.experiment_id, summary.cases) == (experiment.id, 1)
    assert summary.experiment_url == experiment.link()
    assert summary.project_url == f"{server.url}/app/second/p/p"
    assert [row["id"] for row in experiment] == [row_id]


def test_one_of_the_account_is_read_there(server: FakeBraintrust, tmp_path: Path) -> None:
    made = init("p", "e", api_key=KEY, git_metadata_settings=NO_GIT)
    server.rows[made.id] = {
        str(n): {
            "id": str(n),
            "span_id": "s",
            "root_span_id": "s",
            "input": n,
            "output": -n,
            "_xact_id": str(n),
        }
        for n in range(3)
    }
    setup(home=tmp_path / "another", api_key=KEY)
    server.portion = 2
    read = init("p", "e", open=True)
    assert (read.id, read.version) == (made.id, "2")
    assert [(case["input"], case["expected"]) for case in read.as_dataset()] == [(0, 0), (1, -1), (2, -2)]


def test_without_the_right_key_nothing_is_made(server: FakeBraintrust) -> None:
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        init("p", "e", api_key="wrong-key", git_metadata_settings=NO_GIT)


def test_where_nobody_answers_it_may_be_local(
    server: FakeBraintrust, caplog: pytest.LogCaptureFixture
) -> None:
    server.keys.clear()
    experiment = init("p", "e", api_key=KEY, on_unreachable="local", git_metadata_settings=NO_GIT)
    experiment.log("q", "a", scores={"exact": 1})
    assert experiment.summarize().cases == 1
    assert "embedded store alone" in caplog.text
