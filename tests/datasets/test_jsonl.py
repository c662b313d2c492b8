"""Records in JSON Lines."""

import io
import re
from pathlib import Path

import pytest

from spanscore.datasets._jsonl import read_jsonl, write_jsonl
from spanscore.errors import CaseError

pytestmark = pytest.mark.core


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"input": 1}\r\n\n{"input": 123456789012345678901}\nnonsense\n[1]\n')
    lines = read_jsonl(path)
    assert [next(lines), next(lines)] == [
        (f"{path}, line 1,", {"input": 1}),
        (f"{path}, line 3,", {"input": 123456789012345678901}),
    ]
    with pytest.raises(CaseError, match=re.escape(f"{path}, line 4, is not JSON:")):
        next(lines)


def test_a_line_that_is_no_object(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("[1]")
    with pytest.raises(CaseError, match=r"line 1, is no object: b'\[1\]'; give \{\"input\": …"):
        next(read_jsonl(path))


def test_what_is_none_is_left_out() -> None:
    file = io.BytesIO()
    assert write_jsonl([{"id": "1", "input": "é", "expected": None}, {"input": {"a": None}}], file) == 2
    assert file.getvalue().decode() == '{"id":"1","input":"é"}\n{"input":{"a":null}}\n'
