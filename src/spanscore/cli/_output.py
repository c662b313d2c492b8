"""What commands print."""

import sys
from collections.abc import Container, Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spanscore._json import JsonText, to_json

_ANY_SIZE = 1 << 40
_PIPED_WIDTH = 200


def console() -> Console:
    """The terminal; piped, plain lines that are cut only where they are very long."""
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    *,
    numbers: Container[str] = (),
    flexible: Container[str] = (),
) -> Table:
    """A table without lines and without the columns that are empty.

    `numbers` are aligned to the right. Of the `flexible` columns the widest give way to a narrow terminal,
    with an ellipsis; the others stay whole.
    """
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    kept = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    for index in kept:
        name = columns[index]
        shown.add_column(
            name.upper(),
            justify="right" if name in numbers else "left",
            # Rich narrows the columns that may wrap; it is their cells that keep them from wrapping.
            no_wrap=name not in flexible,
            min_width=len(name) if name in flexible else max(cell_len(str(row[index])) for row in rows),
        )
    for row in rows:
        shown.add_row(*(_cell(row[index]) for index in kept))
    return shown


def _cell(content: str | Text) -> Text:
    cell = Text(content) if isinstance(content, str) else content
    cell.no_wrap, cell.overflow = True, "ellipsis"
    return cell


def json_line(value: Any) -> JsonText:
    """A value as one line of JSON, whatever its size."""
    return to_json(value, max_bytes=_ANY_SIZE, redact=False)


def print_json_list(values: Iterable[Any]) -> None:
    """A JSON list with one element a line, written as the values come."""
    separator = "[\n"
    for value in values:
        sys.stdout.write(separator + json_line(value))
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")
