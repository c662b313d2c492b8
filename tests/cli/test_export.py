"""`spanscore export` over a real store."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from spanscore.cli import main

pytestmark = [pytest.mark.core, pytest.mark.usefixtures("home")]


def exported(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["export", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["span_attributes"]["name"] for row in rows]


def test_the_logs_of_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    rows = exported(capsys, "project_name:shop")

    assert sorted(names(rows)) == ["order", "order", "price", "price"]
    assert [row["created"] for row in rows] == sorted(row["created"] for row in rows)
    assert {row["log_id"] for row in rows} == {"g"}


def test_an_experiment_by_name_and_by_id(capsys: pytest.CaptureFixture[str]) -> None:
    by_name = exported(capsys, "experiment:greetings/first")
    by_id = exported(capsys, f"experiment_id:{by_name[0]['experiment_id']}")

    assert sorted(names(by_name)) == sorted(["eval", "task", "exact", "brief"] * 5)
    assert by_id == by_name
    assert exported(capsys, "greetings/first") == exported(capsys, "first") == by_name


def test_what_is_no_container_is_told_with_the_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "greetings"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("spanscore: no experiment 'greetings'; ")
    assert told.endswith("; the logs of a project are project_name:NAME\n")


def test_a_file_says_its_format_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.csv"

    assert main(["export", "experiment:greetings/first", "--output", str(file)]) == 0

    with file.open(newline="") as text:
        ids = [line["id"] for line in csv.DictReader(text)]
    assert ids == [row["id"] for row in exported(capsys, "experiment:greetings/first")]


def test_a_named_format_goes_before_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.csv"

    assert main(["export", "project_name:shop", "--output", str(file), "--format", "jsonl"]) == 0
    assert [json.loads(line) for line in file.read_text().splitlines()] == exported(
        capsys, "project_name:shop"
    )


def test_nothing_to_export_makes_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rows.jsonl"

    assert main(["export", "project_name:nobody", "--output", str(file)]) == 1
    assert "nobody" in capsys.readouterr().err
    assert not file.exists()
