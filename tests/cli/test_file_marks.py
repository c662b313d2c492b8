"""What tells a file from what it was before."""

import os
from pathlib import Path

import pytest

from spanscore.cli._file_marks import mark, marks_of

pytestmark = pytest.mark.core


def test_a_file_is_told_from_one_of_the_same_time_and_size_in_its_place(tmp_path: Path) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    for each in (file, other):
        each.write_text("x")
        os.utime(each, (1, 1))
    before = mark(file)
    assert mark(file) == before
    other.replace(file)
    assert mark(file) not in (before, None)


def test_what_is_not_there_has_no_mark(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    found = marks_of([tmp_path / "a", tmp_path / "b" / ".." / "c", tmp_path])
    assert {path.name: each is not None for path, each in found.items()} == {
        "a": True,
        "c": False,
        tmp_path.name: True,
    }
