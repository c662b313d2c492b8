"""Files of records, in every format, there and back."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanscore.datasets import FORMATS, Columns, format_of, read_file, write_file
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUE = st.recursive(
    st.booleans() | st.integers(-(10**20), 10**20) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
RECORD = st.fixed_dictionaries(
    {"id": st.text("0123456789ab-", min_size=1, max_size=8), "input": VALUE},
    optional={
        "expected": VALUE,
        "metadata": st.dictionaries(TEXT, VALUE, min_size=1, max_size=2),
        "tags": st.lists(TEXT.filter(bool), min_size=1, max_size=2),
    },
)


def without_none(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}


@pytest.mark.parametrize("format_", FORMATS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORD, max_size=4))
def test_what_is_written_is_read_again(format_: str, records: list[dict[str, Any]], tmp_path: Path) -> None:
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / f"cases.{format_}"
    with path.open("wb") as file:
        assert write_file(records, file, format_) == len(records)
    assert [without_none(record) for record in read_file(path)] == records


def test_formats_by_name() -> None:
    names = ("a.jsonl", "a.NDJSON", "a.csv", "a.parquet", "a.json", "a")
    assert [format_of(Path(name)) for name in names] == ["jsonl", "jsonl", "csv", "parquet", None, None]


def test_a_format_may_be_said_and_columns_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("key,question,answer\n1,Why?,Because\n")
    columns = Columns(input=["question"], expected=["answer"], id="key")
    assert list(read_file(path, columns=columns, format="csv")) == [
        {"input": "Why?", "expected": "Because", "id": "1"}
    ]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is of no format that can be read; give .jsonl, .csv or .parquet"):
        next(read_file(tmp_path / "a.txt"))
    for name in ("a.jsonl", "a.csv"):
        with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
            next(read_file(tmp_path / name))


def test_memory_holds_a_few_records() -> None:
    made: list[int] = []

    def records() -> Iterator[dict[str, Any]]:
        for number in range(1000):
            made.append(number)
            yield {"id": str(number), "input": number}

    class Watched(io.BytesIO):
        def write(self, data: Any, /) -> int:
            assert len(made) - self.getvalue().count(b"\n") < 5
            return super().write(data)

    for format_ in ("jsonl", "csv"):
        made.clear()
        assert write_file(records(), Watched(), format_) == 1000


def test_an_error_says_by_what_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("question,answer\nWhy?,Because\n")
    with pytest.raises(ConfigError) as caught:
        next(read_file(path))
    assert str(caught.value).partition(" or say which by ")[2] == (
        'spanscore.datasets.read_file(path, columns=Columns(input=["question"], expected=["answer"])), '
        "in `spanscore datasets import` by --input and --expected"
    )
