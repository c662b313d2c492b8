"""Records in CSV."""

import csv
import io
import re
from pathlib import Path

import pytest

from spanscore.datasets._csv import read_csv, write_csv
from spanscore.errors import CaseError

pytestmark = pytest.mark.core


def test_cells_are_json_where_they_can_be_read_as_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes('\ufeffid,input,expected\r\n007,"a\nb",4\r\n\r\n8,"{""q"": ""é""}",\r\n'.encode())
    assert list(read_csv(path)) == [
        (f"{path}, line 3,", {"id": "007", "input": "a\nb", "expected": 4}),
        (f"{path}, line 5,", {"id": "8", "input": {"q": "é"}, "expected": None}),
    ]


def test_a_cell_may_be_longer_than_others_want_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    limit = csv.field_size_limit()
    path.write_text(f"input\n{'x' * 200_000}\n")
    ((_where, row),) = read_csv(path)
    assert (row, csv.field_size_limit()) == ({"input": "x" * 200_000}, limit)


WRONG = {
    "cells": (b"input,expected\n1,2,3\n", "line 2, has 3 cells, and the header 2"),
    "twice": (b"input,input\n", "names a column twice: input, input"),
    "quotes": (b'input\n"a" b\n', "line 3, is no CSV in UTF-8:"),
    "bytes": (b"input\n\xff\xfe\n", "is no CSV in UTF-8:"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_csv(name: str, tmp_path: Path) -> None:
    content, message = WRONG[name]
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=re.escape(message)):
        list(read_csv(path))


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(b"")
    assert list(read_csv(path)) == []


def test_writing_leaves_the_file_open() -> None:
    file = io.BytesIO()
    records = [{"id": "7", "input": "7"}, {"id": "8", "input": {"a": 1}, "other": 1}]
    assert write_csv(records, file, ("id", "input")) == 2
    assert file.getvalue() == b'id,input\r\n7,"""7"""\r\n8,"{""a"":1}"\r\n'
