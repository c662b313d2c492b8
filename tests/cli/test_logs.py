"""`spanscore logs` over a real store."""

import json
from typing import Any

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["logs", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "inputs"),
    [
        pytest.param([], [{"item": "gold"}, {"item": "tea"}], id="roots, newest first"),
        pytest.param(["--limit", "1"], [{"item": "gold"}], id="limit"),
        pytest.param(["--project", "shop"], [{"item": "gold"}, {"item": "tea"}], id="project"),
        pytest.param(["--search", "nowhere-to-be-found"], [], id="search without a hit"),
    ],
)
def test_which(capsys: pytest.CaptureFixture[str], arguments: list[str], inputs: list[Any]) -> None:
    assert [row["input"] for row in rows(capsys, *arguments)] == inputs


def test_search_goes_through_all_rows(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--search", "currency")

    assert [row["span_attributes"]["name"] for row in found] == ["price", "price"]


def test_a_row_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    row = rows(capsys)[1]

    assert {
        name: row[name]
        for name in ("input", "output", "error", "scores", "is_root", "span_parents", "log_id")
    } == {
        "input": {"item": "tea"},
        "output": "tea: 2.5",
        "error": None,
        "scores": None,
        "is_root": True,
        "span_parents": None,
        "log_id": "g",
    }


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["TRACE", "TIME", "NAME", "DURATION", "INPUT", "OUTPUT"]
    assert [line.split()[-1] for line in lines[1:3]] == ["'gold'", "2.5"]
    assert lines[-1] == "Look into one: spanscore trace TRACE"


def test_no_logs_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs", "--search", "nowhere-to-be-found"]) == 0
    assert capsys.readouterr().out == "no logs with 'nowhere-to-be-found'\n"
