"""`spanscore experiments show` over a real store."""

import json

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def test_the_figures_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "show", "second"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("greetings/second: 5 cases, ")
    assert lines[0].endswith("compared with first")
    assert [line.split()[:2] for line in lines if line.split()[0] in ("brief", "exact")] == [
        ["exact", "60.00"],
        ["brief", "50.00"],
    ]
    assert lines[-1].startswith("see spanscore export experiment_id:")


@pytest.mark.parametrize("reference", ["second", "greetings/second"])
def test_json(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "show", reference, "--json"]) == 0

    shown = json.loads(capsys.readouterr().out)
    names = ("project_name", "experiment_name", "comparison_experiment_name", "cases", "errors")
    assert [shown[name] for name in names] == ["greetings", "second", "first", 5, 0]
    assert shown["scores"]["exact"]["improvements"] == 2
    assert shown["scores"]["exact"]["regressions"] == 2
