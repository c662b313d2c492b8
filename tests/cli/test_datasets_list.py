"""`spanscore datasets list`."""

import json
from pathlib import Path

import pytest

from dataset_commands import imported
from spanscore import init_dataset
from spanscore.cli import main

pytestmark = pytest.mark.core


def test_an_empty_home(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "list", "--project", "shop"]) == 0
    assert capsys.readouterr().out == "no datasets in project 'shop'\n"


def test_the_newest_come_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    other = init_dataset("bank", "other")
    created = other.data["created"][:19].split("T")
    capsys.readouterr()
    assert main(["datasets", "list"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [
        ["DATASET", "PROJECT", "CREATED", "RECORDS", "VERSION"],
        ["other", "bank", *created, "0", "-"],
    ]
    assert (lines[2][:2], lines[2][4:]) == (["faq", "shop"], ["3", "1000000000000000001"])


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    dataset = init_dataset("shop", "faq")
    capsys.readouterr()
    assert main(["datasets", "list", "--json", "--limit", "1"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "id": dataset.id,
            "name": "faq",
            "project_id": dataset.project.id,
            "project_name": "shop",
            "created": dataset.data["created"],
            "records": 3,
            "version": "1000000000000000001",
        }
    ]
