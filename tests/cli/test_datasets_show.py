"""`spanscore datasets show`."""

import json
from pathlib import Path

import pytest

from dataset_commands import imported
from spanscore import init_dataset
from spanscore.cli import main

pytestmark = pytest.mark.core


def test_facts_and_the_first_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    dataset = init_dataset("shop", "faq")
    dataset.snapshot("golden", "looked at")
    capsys.readouterr()
    assert main(["datasets", "show", "faq", "--limit", "2"]) == 0
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "shop/faq",
        f"3 records, version 1000000000000000001, id {dataset.id}",
        "snapshot golden: version 1000000000000000001 looked at",
        "",
        "ID  INPUT    EXPECTED  TAGS  METADATA",
        '1   Why?     Because   a, b  {"level":"easy"}',
        '2   {"q":2}  4               {"level":"hard"}',
        "",
        "and 1 more: spanscore datasets export",
    ]


def test_a_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    dataset = init_dataset("shop", "faq", description="not used")
    dataset.snapshot("golden")
    dataset.delete("1")
    capsys.readouterr()
    assert main(["datasets", "show", "shop/faq@golden", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (snapshot,) = told.pop("snapshots")
    assert (snapshot.pop("created") > dataset.data["created"], snapshot) == (
        True,
        {"name": "golden", "version": "1000000000000000001", "description": None},
    )
    assert told == {
        "id": dataset.id,
        "name": "faq",
        "project_id": dataset.project.id,
        "project_name": "shop",
        "description": None,
        "metadata": {},
        "created": dataset.data["created"],
        "records": 3,
        "version": "1000000000000000001",
    }
    assert main(["datasets", "show", f"{dataset.id[:8]}@1000000000000000002"]) == 0
    assert "2 records, version 1000000000000000002" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["nope", "nope@golden", "shop/faq@silver", "shop/faq@9999999999999999999", "shop/faq@99"]
)
def test_what_there_is_not(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    assert main(["datasets", "show", name]) == 1
    assert capsys.readouterr().err.startswith("spanscore: ")


def test_a_version_before_the_first_is_none_and_one_without_records_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(tmp_path)
    dataset = init_dataset("shop", "faq")
    first = dataset.version
    for record in list(dataset):
        dataset.delete(record["id"])
    dataset.flush()
    capsys.readouterr()

    assert main(["datasets", "diff", "shop/faq@99", "shop/faq"]) == 1
    told = f"spanscore: shop/faq has no version 99; its newest is {init_dataset('shop', 'faq').version}\n"
    assert capsys.readouterr() == ("", told)
    assert main(["datasets", "show", f"shop/faq@{init_dataset('shop', 'faq').version}"]) == 0
    assert "0 records, version" in capsys.readouterr().out
    assert main(["datasets", "show", f"shop/faq@{first}"]) == 0
    assert "3 records, version" in capsys.readouterr().out
