"""Rows in each format."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO

import pytest

from spanscore._json import to_json
from spanscore.cli._export_formats import COLUMNS, FORMATS, write_csv, write_jsonl
from spanscore.wire.rows import Row


def row(number: int, **fields: object) -> Row:
    return Row(
        parent="experiment_id:e",
        id=f"{number:016x}",
        span_id=f"{number:016x}",
        root_span_id=f"{number:032x}",
        parent_span_id=None,
        name="eval",
        type="eval",
        start_ns=0,
        end_ns=1_500_000_000,
        fields={name: to_json(value) for name, value in fields.items()},
        project_id="p",
        xact_id="7",
    )


ROWS = [
    row(1, input={"city": "Łódź"}, output='two\nlines, "quoted"', scores={"exact": 1}, tags=["a", "b"]),
    row(2, input=3, error="ValueError: no"),
]

CELLS = [
    {
        "id": "0000000000000001",
        "span_id": "0000000000000001",
        "root_span_id": "00000000000000000000000000000001",
        "is_root": "true",
        "created": "1970-01-01T00:00:00.000000Z",
        "project_id": "p",
        "experiment_id": "e",
        "input": '{"city":"Łódź"}',
        "output": 'two\nlines, "quoted"',
        "scores": '{"exact":1}',
        "metrics": '{"start":0.0,"end":1.5}',
        "span_attributes": '{"name":"eval","type":"eval"}',
        "tags": '["a","b"]',
        "_xact_id": "7",
    },
    {
        "id": "0000000000000002",
        "span_id": "0000000000000002",
        "root_span_id": "00000000000000000000000000000002",
        "is_root": "true",
        "created": "1970-01-01T00:00:00.000000Z",
        "project_id": "p",
        "experiment_id": "e",
        "input": "3",
        "error": "ValueError: no",
        "metrics": '{"start":0.0,"end":1.5}',
        "span_attributes": '{"name":"eval","type":"eval"}',
        "_xact_id": "7",
    },
]


@pytest.mark.core
def test_jsonl_is_the_rows() -> None:
    file = BytesIO()
    write_jsonl(ROWS, file)

    assert [json.loads(line) for line in file.getvalue().splitlines()] == [each.as_dict() for each in ROWS]


@pytest.mark.core
def test_csv_has_text_as_it_is_and_the_rest_as_json() -> None:
    file = BytesIO()
    write_csv(ROWS, file)

    read = list(csv.DictReader(StringIO(file.getvalue().decode(), newline="")))
    assert read == [{name: cells.get(name, "") for name in COLUMNS} for cells in CELLS]


@pytest.mark.core
def test_columns_are_all_that_a_row_of_any_container_has() -> None:
    parents = ["experiment_id:e", "project_id:p", "project_name:p", "playground_id:s"]
    names = {name for parent in parents for name in replace(ROWS[0], parent=parent).as_dict()}

    assert names == set(COLUMNS)


def test_parquet_has_the_cells_of_csv() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    file = BytesIO()
    FORMATS["parquet"](ROWS, file)

    table = parquet.read_table(BytesIO(file.getvalue()))
    assert table.column_names == list(COLUMNS)
    assert table.to_pylist() == [{name: cells.get(name) for name in COLUMNS} for cells in CELLS]


@pytest.mark.parametrize("name", FORMATS)
def test_rows_are_written_as_they_come(name: str) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    file = BytesIO()
    sizes: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(5000):
            yield row(number, input="x" * 100)
            if number % 2500 == 2499:
                sizes.append(len(file.getvalue()))

    FORMATS[name](rows(), file)

    assert 0 < sizes[0] < sizes[1] <= len(file.getvalue())
