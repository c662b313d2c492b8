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
    starts = [" ".join(line.split()[:6]) for line in lines if line.split()[0] in ("brief", "exact")]
    assert starts == [
        "exact 60.00 % 23.07 to 88.24",
        "brief 50.00 % 50.00 to 50.00",
        "exact 60.00 % 60.00 % +0.00",
        "brief 50.00 % 50.00 % +0.00",
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


def test_the_lowest_inputs_of_a_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "show", "second", "--inputs", "exact", "--limit", "3"]) == 0

    lines = [" ".join(line.split()[:4]) for line in capsys.readouterr().out.splitlines()]
    start = lines.index("exact: the lowest inputs")
    assert lines[start + 1 :] == [
        "INPUT TRIALS MEAN TRACE",
        "Grace 1 0.00 %",
        "Joan 1 0.00 %",
        "Ada 1 100.00 %",
    ]


def test_the_lowest_inputs_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "show", "second", "--inputs", "exact", "--limit", "1", "--json"]) == 0

    (found,) = json.loads(capsys.readouterr().out)["inputs_of"]["exact"]
    assert len(found.pop("root_span_id")) == 32
    assert found == {
        "input": "Grace",
        "trials": 1,
        "score": 0.0,
        "standard_deviation": None,
        "errored": False,
    }


def test_a_score_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "show", "second", "--inputs", "exat"]) == 1
    assert capsys.readouterr().err == "spanscore: second has no score 'exat'; its scores are: exact, brief\n"
