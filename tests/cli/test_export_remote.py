"""`spanscore export … --to braintrust` over a real store and a real socket."""

from collections.abc import Iterator

import pytest

from fake_braintrust import KEY, FakeBraintrust
from http_sink import Answer
from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBraintrust]:
    with FakeBraintrust() as each:
        monkeypatch.setenv("BRAINTRUST_API_KEY", KEY)
        monkeypatch.setenv("BRAINTRUST_API_URL", each.url)
        monkeypatch.setenv("BRAINTRUST_APP_URL", each.url)
        yield each


@pytest.mark.parametrize("reference", ["greetings/first", "experiment:greetings/first"])
def test_an_experiment_is_sent_and_what_is_there_is_told(
    server: FakeBraintrust, capsys: pytest.CaptureFixture[str], reference: str
) -> None:
    assert main(["export", reference, "--to", "braintrust"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "sent 20 rows, 0 comments, 0 attachments of greetings/first\n"
    (made,) = server.experiments
    assert printed.err == f"{server.url}/app/first/p/greetings (experiment {made['id']})\n"
    names = [row["span_attributes"]["name"] for row in server.rows[made["id"]].values()]
    assert sorted(names) == sorted(["eval", "task", "exact", "brief"] * 5)
    assert main(["export", reference, "--to", "braintrust"]) == 0
    assert "sent 0 rows" in capsys.readouterr().out
    assert len(server.experiments) == 1


def test_what_cannot_be_sent_is_told(server: FakeBraintrust, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, message in (
        (["project_name:shop", "--to", "braintrust"], "--to sends experiments"),
        (["greetings/none", "--to", "braintrust"], "no experiment 'greetings/none'"),
        (["greetings/first", "--to", "braintrust", "--format", "csv"], "leave --output and --format out"),
    ):
        assert main(["export", *arguments]) != 0
        assert message in capsys.readouterr().err
    assert server.experiments == []


def test_without_a_key_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "greetings/first", "--to", "braintrust"]) != 0
    assert "BRAINTRUST_API_KEY" in capsys.readouterr().err


def test_rows_that_are_too_large_are_told(server: FakeBraintrust, capsys: pytest.CaptureFixture[str]) -> None:
    server.before = lambda request: Answer(status=413) if request.path.endswith("/insert") else None
    assert main(["export", "greetings/first", "--to", "braintrust"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "sent 0 rows, 0 comments, 0 attachments of greetings/first\n"
    assert printed.err.endswith(f"20 rows are too large for {server.url} and not there\n")
