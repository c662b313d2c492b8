"""Files of records: JSON Lines, CSV and Parquet, read and written a portion at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from spanscore.datasets._columns import AS_NAMED, Columns, to_record
from spanscore.datasets._csv import AS_TEXT, read_csv, write_csv
from spanscore.datasets._jsonl import read_jsonl, write_jsonl
from spanscore.datasets._parquet import read_parquet, write_parquet
from spanscore.errors import ConfigError

RECORD_COLUMNS: Final = ("id", "input", "expected", "metadata", "tags")
"""What of a record goes into a file; JSON Lines have its `origin` too."""

FORMATS: Final = ("jsonl", "csv", "parquet")

_HOW: Final = (
    'spanscore.datasets.read_file(path, columns=Columns(input=["question"], expected=["answer"])), '
    "in `spanscore datasets import` by --input and --expected"
)
_FORMAT_OF: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_WRITERS: Final[Mapping[str, Callable[[Iterable[Mapping[str, Any]], BinaryIO], int]]] = {
    "jsonl": write_jsonl,
    "csv": lambda records, file: write_csv(records, file, RECORD_COLUMNS),
    "parquet": lambda records, file: write_parquet(records, file, RECORD_COLUMNS),
}


def format_of(path: Path) -> str | None:
    """The format that the name of a file says; None if it says none."""
    return _FORMAT_OF.get(path.suffix.lower())


def read_file(
    path: Path | str,
    *,
    columns: Columns = AS_NAMED,
    format: str | None = None,  # noqa: A002
) -> Iterator[dict[str, Any]]:
    r"""The records of a file, one by one; `format` None is that of its name.

    Raises ConfigError if there is no such file or format, or if `columns` do not fit; CaseError for a line
    that is no record.

    >>> folder = Path(__import__("tempfile").mkdtemp())
    >>> _ = (folder / "faq.csv").write_text("question,answer\nWhy?,Because\n")
    >>> list(read_file(folder / "faq.csv", columns=Columns(input=["question"], expected=["answer"])))
    [{'input': 'Why?', 'expected': 'Because'}]
    """
    found = Path(path)
    chosen = format or format_of(found)
    if chosen not in FORMATS:
        raise ConfigError(f"{path} is of no format that can be read; give .jsonl, .csv or .parquet")
    try:
        for where, row in _rows(found, chosen, columns):
            yield to_record(row, columns, where, _HOW)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None


def _rows(path: Path, format_: str, columns: Columns) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if format_ == "csv":
        return read_csv(path, as_text=AS_TEXT if columns.id is None else frozenset({columns.id}))
    return read_jsonl(path) if format_ == "jsonl" else read_parquet(path)


def write_file(records: Iterable[Mapping[str, Any]], file: BinaryIO, format_: str) -> int:
    """Records in one of FORMATS, as they come; how many there were."""
    return _WRITERS[format_](records, file)
