"""Records in Parquet: ours, and typed columns of others."""

import io
from pathlib import Path
from typing import Any

import pytest

from spanscore.datasets import _parquet, read_file
from spanscore.datasets._parquet import read_parquet, write_parquet
from spanscore.errors import CaseError, ConfigError


def test_typed_columns_keep_their_values(tmp_path: Path) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "cases.parquet"
    rows = [
        {"input": {"q": "3"}, "expected": "3", "metadata": '{"a": 1}', "tags": ["t"]},
        {"input": {"q": "4"}, "expected": None, "metadata": None, "tags": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    assert list(read_parquet(path)) == [
        (f"{path}, row 1,", {**rows[0], "metadata": {"a": 1}}),
        (f"{path}, row 2,", rows[1]),
    ]


def test_our_files_say_that_their_texts_are_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(_parquet, "_AT_ONCE", 2)
    path = tmp_path / "cases.parquet"
    records = [{"id": "007", "input": {"n": number}, "expected": str(number)} for number in range(5)]
    with path.open("wb") as file:
        assert write_parquet(records, file, ("id", "input", "expected")) == 5
    assert [row for _where, row in read_parquet(path)] == records


def test_what_is_no_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "cases.parquet"
    path.write_text("no")
    with pytest.raises(CaseError, match="is no Parquet file"):
        list(read_parquet(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "cases.parquet"
    with pytest.raises(ConfigError, match=r"cases\.parquet cannot be read: No such file or directory"):
        list(read_file(path))


@pytest.mark.core
def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    for use in (
        lambda: next(read_parquet(tmp_path / "cases.parquet")),
        lambda: write_parquet([], io.BytesIO(), ("id",)),
    ):
        with pytest.raises(ConfigError, match=r"Parquet needs pyarrow; pip install 'spanscore\[parquet\]'"):
            use()
