"""A trace on the screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from spanscore.cli._format import duration, error_lines, moment, one_line, percent, preview
from spanscore.cli._output import table
from spanscore.cli._tree import Node, tree
from spanscore.wire.rows import Row

_COLUMNS = ("span", "type", "duration", "tokens", "scores")
_NUMBERS = ("duration", "tokens")
_VALUES = ("input", "expected", "output", "metadata", "tags")
_EMPTY: tuple[object, ...] = (None, {}, [])
_LABEL_WIDTH = 10


def print_trace(screen: Console, rows: Sequence[Row], *, container: str, verbose: bool) -> None:
    """Print the tree of the spans, then the values of the top one, or of all if `verbose`."""
    nodes = list(tree(rows))
    top = nodes[0].row
    _print_line(screen, Text(f"{container} · {moment(top.start_ns)}", "bold"))
    _print_line(screen, Text(f"trace {top.root_span_id}", "dim"))
    screen.print()
    screen.print(
        table(_COLUMNS, [_cells(node) for node in nodes], numbers=_NUMBERS, flexible=("span", "scores"))
    )
    for row in [node.row for node in nodes] if verbose else [top]:
        _print_values(screen, row, is_named=verbose)
    if not verbose:
        _print_errors(screen, [node.row for node in nodes if node.row.error is not None])


def _cells(node: Node) -> tuple[str | Text, ...]:
    row = node.row
    failed = row.error is not None
    name = ("✗ " * failed + one_line(row.name), "red" if failed else "")
    tokens = row.metrics.get("tokens")
    scores = "  ".join(f"{one_line(name)} {_score(value)}" for name, value in row.scores.items())
    span = Text.assemble((node.branch, "dim"), name)
    return span, one_line(row.type), duration(row.duration_s), f"{tokens:,}" if tokens else "", scores


def _score(value: object) -> str:
    return percent(value) if isinstance(value, int | float) else "skipped"


def _print_values(screen: Console, row: Row, *, is_named: bool) -> None:
    values = [(name, preview(value)) for name in _VALUES if (value := getattr(row, name)) not in _EMPTY]
    if not values and not (is_named and row.error is not None):
        return
    screen.print()
    if is_named:
        _print_line(screen, Text.assemble((one_line(row.name), "bold"), (f"  {row.span_id}", "dim")))
    for name, text in values:
        _print_line(screen, Text.assemble((name.ljust(_LABEL_WIDTH), "dim"), text))
    if is_named and row.error is not None:
        for line in error_lines(row.error):
            screen.print(Text(line, "red"), soft_wrap=True)


def _print_errors(screen: Console, rows: Sequence[Row]) -> None:
    if rows:
        screen.print()
    for row in rows:
        _print_line(screen, Text.assemble((f"✗ {one_line(row.name)}  ", "red"), error_lines(row.error)[0]))


def _print_line(screen: Console, line: Text) -> None:
    screen.print(line, no_wrap=True, overflow="ellipsis")
