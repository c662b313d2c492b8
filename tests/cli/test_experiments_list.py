"""`spanscore experiments list` over a real store."""

import json
import re

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def test_the_newest_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "list"]) == 0

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].split() == ["EXPERIMENT", "PROJECT", "CREATED", "CASES", "SCORES"]
    assert [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", line).split() for line in lines[1:3]] == [
        ["second", "greetings", "TIME", "5", "exact", "60.00", "%", "brief", "50.00", "%"],
        ["first", "greetings", "TIME", "5", "exact", "60.00", "%", "brief", "50.00", "%"],
    ]


def test_json_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "list", "--json", "--limit", "1"]) == 0

    (listed,) = json.loads(capsys.readouterr().out)
    main(["experiments", "show", "second", "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", listed.pop("created"))
    assert listed.pop("project_id")
    assert listed == {
        "id": shown["experiment_id"],
        "name": "second",
        "project_name": "greetings",
        "cases": 5,
        "errors": 0,
        "partial": None,
        "scores": {"brief": 0.5, "exact": pytest.approx(0.6)},
    }


def test_none_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "list", "--project", "shop"]) == 0
    assert capsys.readouterr().out == "no experiments in project 'shop'\n"


def test_none_are_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "list", "--project", "shop", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
