"""The formats that rows are exported in."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

from spanscore.cli._output import json_line
from spanscore.errors import SpanscoreError
from spanscore.wire.rows import FIELDS, Row

COLUMNS = (
    *("id", "span_id", "root_span_id", "span_parents", "is_root", "created"),
    *("project_id", "experiment_id", "prompt_session_id", "log_id"),
    *FIELDS,
    "_xact_id",
)
"""The columns of CSV and Parquet: the row's fields under Braintrust's names."""

_ROW_GROUP = 1000


def write_jsonl(rows: Iterable[Row], file: BinaryIO) -> None:
    """Each row as a line of JSON."""
    for row in rows:
        file.write(json_line(row.as_dict()).encode() + b"\n")


def write_csv(rows: Iterable[Row], file: BinaryIO) -> None:
    """A header and a line for each row; what is not text is JSON."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for row in rows:
        lines.writerow(_cells(row))
    # Left to itself the wrapper would close a file that is not its own.
    text.detach()


def write_parquet(rows: Iterable[Row], file: BinaryIO) -> None:
    """A column of texts for each field; what is not text is JSON. Keeps a thousand rows at a time."""
    try:
        # Here and not at the top: pyarrow is an extra, dear to import, and has no types.
        pa: Any = import_module("pyarrow")
        pq: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise SpanscoreError("Parquet needs pyarrow; pip install 'spanscore[parquet]'") from None
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    with pq.ParquetWriter(file, schema, compression="zstd") as parquet:
        for group in _groups(map(_cells, rows)):
            columns = [pa.array(column, pa.string()) for column in zip(*group, strict=True)]
            parquet.write_table(pa.Table.from_arrays(columns, schema=schema))


FORMATS: dict[str, Callable[[Iterable[Row], BinaryIO], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}


def _cells(row: Row) -> list[str | None]:
    values = row.as_dict()
    return [_cell(values.get(name)) for name in COLUMNS]


def _cell(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json_line(value)


def _groups(rows: Iterator[list[str | None]]) -> Iterator[list[list[str | None]]]:
    while group := list(islice(rows, _ROW_GROUP)):
        yield group
