"""`spanscore logs`: the newest traces of production, or rows with a text."""

import argparse

from rich.text import Text

from spanscore.cli._arguments import add_json, add_limit, add_project
from spanscore.cli._format import duration, error_lines, moment, one_line, preview
from spanscore.cli._output import console, print_json_list, table
from spanscore.cli._store import reading_store
from spanscore.wire.rows import Row

_COLUMNS = ("trace", "time", "name", "duration", "input", "output")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore logs`."""
    add_project(parser)
    parser.add_argument("--search", metavar="TEXT", help="rows that have these words, in any of their fields")
    add_limit(parser, 20)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the rows, newest first."""
    with reading_store() as store:
        rows = store.logs(project=args.project, search=args.search, limit=args.limit)
    if args.json:
        print_json_list(row.as_dict() for row in rows)
    elif rows:
        _print_table(rows)
    else:
        print("no logs" + (f" with {args.search!r}" if args.search else ""))
    return 0


def _print_table(rows: list[Row]) -> None:
    screen = console()
    flexible = ("name", "input", "output")
    screen.print(table(_COLUMNS, [_cells(row) for row in rows], numbers=["duration"], flexible=flexible))
    screen.print(Text("\nLook into one: spanscore trace TRACE", "dim"))


def _cells(row: Row) -> tuple[str | Text, ...]:
    return (
        row.root_span_id[:8],
        moment(row.start_ns),
        one_line(row.name),
        duration(row.duration_s),
        preview(row.input),
        preview(row.output) if row.error is None else Text(f"✗ {error_lines(row.error)[0]}", "red"),
    )
