"""`spanscore gate` over a real store."""

import json
from pathlib import Path

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where no pyproject.toml of ours is above."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    gates = ["--fail-if", "exact < 0.6", "--fail-if", "errors > 0", "--fail-on-regression", "exact:0.1"]
    assert main(["gate", "second", *gates]) == 0
    assert capsys.readouterr() == ("greetings/second passes: 3 of 3 gates hold\n", "")


def test_it_fails_with_the_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "second", "--fail-if", "exact < 0.9", "--fail-if", "brief < 0.1"]) == 3
    assert capsys.readouterr().out.splitlines() == [
        "greetings/second fails: 1 of 2 gates hold",
        "  exact is 0.6, which is < 0.9",
    ]


def test_without_a_baseline_a_regression_is_left_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "first", "--fail-on-regression", "exact:0.1"]) == 0
    assert capsys.readouterr() == (
        "greetings/first passes: 1 of 1 gates hold\n",
        "exact could not be compared: there is no baseline\n",
    )


def test_a_named_baseline_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    regression = ["--fail-on-regression", "brief:0.1", "--fail-if", "exact > 0.5"]
    assert main(["gate", "first", "--baseline", "second", *regression, "--json"]) == 3
    assert json.loads(capsys.readouterr().out) == {
        "passed": False,
        "reasons": ["exact is 0.6, which is > 0.5"],
        "undecided": ["brief could not be compared: 5 matched inputs are too few"],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            [],
            "spanscore: no gates; give --fail-if or --fail-on-regression, or write them to pyproject.toml\n",
        ),
        (["--fail-if", "exact"], "spanscore: 'exact' is no condition to fail; write NAME < NUMBER, such as "),
        (["--fail-if", "exat < 1"], "spanscore: greetings/second has no 'exat' for a gate; its scores are: "),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "second", *arguments]) == 2
    assert capsys.readouterr().err.startswith(message)


def test_gates_of_the_project_hold_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text('[tool.spanscore.gates]\nfail_if = ["exact < 0.9"]\n')
    assert main(["gate", "second", "--fail-if", "errors > 0"]) == 3
    assert capsys.readouterr().out.splitlines()[0] == "greetings/second fails: 1 of 2 gates hold"


def test_gates_of_the_project_on_other_evals_are_passed_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "pyproject.toml"
    file.write_text('[tool.spanscore.gates]\nfail_if = ["exact < 0.9", "of_another < 1"]\n')
    assert main(["gate", "second"]) == 3
    assert capsys.readouterr().out.splitlines()[0] == "greetings/second fails: 0 of 1 gates hold"
    file.write_text('[tool.spanscore.gates]\nfail_if = ["of_another < 1"]\n')
    assert main(["gate", "second"]) == 2
    assert "has no 'of_another' for a gate" in capsys.readouterr().err
