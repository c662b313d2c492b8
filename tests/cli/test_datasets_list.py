"""`spanscore datasets list`."""

import json
from pathlib import Path

import pytest

from dataset_commands import exported, imported
from fake_braintrust import KEY, FakeBraintrust
from fake_datasets import FIRST_XACT, FakeDatasets
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


def test_those_of_a_braintrust_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeBraintrust() as server:
        FakeDatasets(server)
        for name, value in {"API_KEY": KEY, "API_URL": server.url, "APP_URL": server.url}.items():
            monkeypatch.setenv(f"BRAINTRUST_{name}", value)
        imported(tmp_path)
        imported(tmp_path, "shop/other", "id,input\n1,Why?\n4,New?\n")
        first = f"{FIRST_XACT + 1}"
        assert capsys.readouterr().out == (
            f"3 records imported; shop/faq has 3, version {first}\n"
            f"2 records imported; shop/other has 2, version {FIRST_XACT + 2}\n"
        )
        assert main(["datasets", "list"]) == 0
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert lines[1] == ["faq", "shop", "2026-01-01", "00:00:00", "3", "-"]
        assert main(["datasets", "show", f"shop/faq@{first}"]) == 0
        assert f"3 records, version {first}" in capsys.readouterr().out
        assert [record["id"] for record in exported(capsys, "shop/faq")] == ["1", "2", "3"]
        assert main(["datasets", "diff", "shop/faq", "shop/other"]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "2 removed, 1 changed, 1 added"
        assert not (tmp_path / "home" / "spanscore.db").exists()
