"""`spanscore experiments compare` over a real store."""

import json
from pathlib import Path
from typing import Any

import pytest

from experiment_runs import case, run
from spanscore.cli import main
from spanscore.store import SqliteStore

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["experiments", "compare", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_cases_that_changed_regressions_first(capsys: pytest.CaptureFixture[str]) -> None:
    changes = compared(capsys, "second")["changes"]

    figures = ("input", "comparison_score", "score", "diff")
    assert [[each[name] for name in figures] for each in changes["exact"]] == [
        ["Grace", 1.0, 0.0, -1.0],
        ["Joan", 1.0, 0.0, -1.0],
        ["Barbara", 0.0, 1.0, 1.0],
        ["Edith", 0.0, 1.0, 1.0],
    ]
    assert changes["brief"] == []


def test_a_change_names_both_traces(capsys: pytest.CaptureFixture[str]) -> None:
    change = compared(capsys, "second")["changes"]["exact"][0]

    outputs: list[str] = []
    for name in ("comparison_root_span_id", "root_span_id"):
        main(["trace", change[name], "--json"])
        outputs.append(json.loads(capsys.readouterr().out)[0]["output"])
    assert outputs == ["Hi Grace", "Dear Grace"]


def test_with_a_named_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    figures = compared(capsys, "first", "second")

    assert figures["comparison_experiment_name"] == "second"
    assert [each["input"] for each in figures["changes"]["exact"]] == ["Barbara", "Edith", "Grace", "Joan"]


def test_the_limit_is_for_falls_and_for_rises(capsys: pytest.CaptureFixture[str]) -> None:
    changes = compared(capsys, "second", "--limit", "1")["changes"]["exact"]

    assert [each["input"] for each in changes] == ["Grace", "Barbara"]


def test_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "compare", "second"]) == 0

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert "compared with first" in lines[0]
    start = lines.index("exact: the largest changes")
    assert [line.split()[:6] for line in lines[start + 1 : start + 6]] == [
        ["INPUT", "BEFORE", "NOW", "CHANGE", "BASE", "TRACE"],
        ["Grace", "100.00", "%", "0.00", "%", "-100.00"],
        ["Joan", "100.00", "%", "0.00", "%", "-100.00"],
        ["Barbara", "0.00", "%", "100.00", "%", "+100.00"],
        ["Edith", "0.00", "%", "100.00", "%", "+100.00"],
    ]
    assert "brief: no changes" in lines


def test_nothing_to_compare_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "compare", "first"]) == 1
    assert capsys.readouterr().err == (
        "spanscore: greetings has nothing before first to compare it with; name an experiment\n"
    )


@pytest.fixture
def uneven(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of which each has inputs of its own, and errors."""
    monkeypatch.setenv("SPANSCORE_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / "spanscore.db")
    run(store, case("both", scores={"s": 1.0}), case("old", is_failed=True), case("older"))
    run(store, case("both", is_failed=True), case("new", scores={"s": 1.0}))
    store.close()


@pytest.mark.usefixtures("uneven")
def test_inputs_of_one_side_alone_and_errors_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "compare", "experiment-2", "--limit", "1"]) == 0

    lines = [" ".join(line.split()[:6]) for line in capsys.readouterr().out.splitlines()]
    assert "both 100.00 % 0.00 % (error)" in lines
    assert lines[lines.index("in experiment-2 alone: 1 input") + 1 :][:2] == [
        "INPUT CASES TRACE",
        "new 1 00000000",
    ]
    assert lines[lines.index("in experiment-1 alone: 2 inputs, of") + 1 :][:2] == [
        "INPUT CASES ERRORS TRACE",
        "old 1 1 00000000",
    ]


@pytest.mark.usefixtures("uneven")
def test_inputs_of_one_side_alone_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    shown = compared(capsys, "experiment-2")

    alone = {side: [each["input"] for each in found] for side, found in shown["only"].items()}
    assert alone == {"here": ["new"], "in_comparison": ["old", "older"]}
    assert (shown["only_here"], shown["only_in_comparison"], shown["comparison_errors"]) == (1, 2, 1)
    (change,) = shown["changes"]["s"]
    assert (change["errored"], change["comparison_errored"]) == (True, False)
