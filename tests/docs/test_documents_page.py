"""The page of documents names each test of them, and no other."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.core

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "tests" / "documents").glob("test_*.py"))
SECTION = re.compile(r"^`tests/documents/(\w+\.py)`\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def named() -> dict[str, list[str]]:
    page = (ROOT / "docs" / "documents.md").read_text()
    return {
        file: re.findall(r"^\| `(test_\w+)` \|", text, re.MULTILINE) for file, text in SECTION.findall(page)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_statement_is_a_test(file: Path) -> None:
    there = re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    assert named()[file.name] == there


def test_no_file_is_missing() -> None:
    assert sorted(named()) == [file.name for file in FILES]
