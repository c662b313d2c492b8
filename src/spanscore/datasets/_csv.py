"""Records in CSV: a header, then a line for each; what is not text is JSON."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from spanscore.datasets._cells import read_cell, write_cell
from spanscore.errors import CaseError

AS_TEXT: Final = frozenset({"id"})
"""Columns of which a cell is never JSON."""


def read_csv(path: Path, *, as_text: frozenset[str] = AS_TEXT) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each line's values by column, with the place that it has in the file. Raises CaseError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        names = _next(lines, path)
        if names is None:
            return
        if len(set(names)) < len(names):
            raise CaseError(f"{path} names a column twice: {', '.join(names)}")
        while (cells := _next(lines, path)) is not None:
            where = f"{path}, line {lines.line_num},"
            if not cells:
                continue
            if len(cells) != len(names):
                raise CaseError(f"{where} has {len(cells)} cells, and the header {len(names)}")
            yield (
                where,
                {
                    name: (cell or None) if name in as_text else read_cell(cell)
                    for name, cell in zip(names, cells, strict=True)
                },
            )


def _next(lines: Any, path: Path) -> list[str] | None:
    # The limit is the process's, and 128 KiB: a record may be longer, and others may want it as it is.
    limit = csv.field_size_limit(sys.maxsize)
    try:
        return next(lines, None)
    except (csv.Error, UnicodeDecodeError) as error:
        raise CaseError(f"{path}, line {lines.line_num + 1}, is no CSV in UTF-8: {error}") from None
    finally:
        csv.field_size_limit(limit)


def write_csv(records: Iterable[Mapping[str, Any]], file: BinaryIO, names: Iterable[str]) -> int:
    """A header of `names` and a line for each record; how many there were."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    columns = tuple(names)
    lines = csv.writer(text)
    lines.writerow(columns)
    count = 0
    for record in records:
        lines.writerow([_cell(name, record.get(name)) for name in columns])
        count += 1
    # Left to itself the wrapper would close a file that is not its own.
    text.detach()
    return count


def _cell(name: str, value: Any) -> str:
    return value if name in AS_TEXT and isinstance(value, str) else write_cell(value)
