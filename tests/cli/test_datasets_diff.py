"""`spanscore datasets diff`."""

import json
from pathlib import Path

import pytest

from dataset_commands import imported
from spanscore import init_dataset
from spanscore.cli import main

pytestmark = pytest.mark.core


@pytest.fixture(autouse=True)
def _two_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path)
    dataset = init_dataset("shop", "faq")
    dataset.snapshot("first")
    dataset.delete("1")
    dataset.update("2", expected="four", tags=["t"])
    dataset.insert(input="New?", id="4")
    capsys.readouterr()


def test_two_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "diff", "shop/faq@first", "shop/faq"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "- 1  Why?",
        '~ 2  {"q":2}',
        "    expected: 4 -> four",
        '    tags: - -> ["t"]',
        "+ 4  New?",
        "1 removed, 1 changed, 1 added",
    ]


def test_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "diff", "shop/faq", "shop/faq@first", "--limit", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "- 4  New?",
        "and 2 more (--limit)",
        "1 removed, 1 changed, 1 added",
    ]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "diff", "shop/faq@first", "shop/faq", "--json"]) == 0
    nothing = {"expected": None, "metadata": None, "tags": None}
    changed = {"input": {"q": 2}, "metadata": {"level": "hard"}}
    assert json.loads(capsys.readouterr().out) == [
        {
            "change": "removed",
            "id": "1",
            "before": {
                "input": "Why?", "expected": "Because", "metadata": {"level": "easy"}, "tags": ["a", "b"]
            },
            "after": None,
        },
        {
            "change": "changed",
            "id": "2",
            "before": {**changed, "expected": 4, "tags": None},
            "after": {**changed, "expected": "four", "tags": ["t"]},
        },
        {"change": "added", "id": "4", "before": None, "after": {"input": "New?", **nothing}},
    ]  # fmt: skip
