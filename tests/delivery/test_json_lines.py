"""Files of JSON lines that several processes append to."""

import os
from pathlib import Path

import pytest

from spanscore.delivery._json_lines import append_lines, json_lines, open_to_append

pytestmark = pytest.mark.core


def test_lines_of_several_writers_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lines"
    first, second = open_to_append(path), open_to_append(path)
    append_lines(first, b'{"a":1}\n')
    append_lines(second, b'{"a":2}\n{"a":3}\n')
    append_lines(first, b'{"a":4}\n')
    os.close(first)
    os.close(second)
    assert list(json_lines(path)) == [{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]


def test_what_is_no_object_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b'{"a":1}\n[1]\nnull\n\n{"a"\n\xff\xfe\n{"a":2}\n{"cut":')
    assert list(json_lines(path)) == [{"a": 1}, {"a": 2}]
    assert list(json_lines(tmp_path / "gone")) == []


def test_line_that_was_cut_off_does_not_spoil_the_next(tmp_path: Path) -> None:
    fd = open_to_append(tmp_path / "lines")
    os.write(fd, b'{"cut":')
    append_lines(fd, b'{"a":1}\n')
    os.close(fd)
    assert list(json_lines(tmp_path / "lines")) == [{"a": 1}]


def test_what_does_not_fit_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fd = open_to_append(tmp_path / "lines")
    monkeypatch.setattr(os, "write", lambda _, data: len(data) - 1)
    with pytest.raises(OSError, match="a part"):
        append_lines(fd, b"{}\n")
    os.close(fd)
