"""The display for a terminal: a progress bar, then tables."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.evals.reporters._account import account_of
from spanscore.evals.reporters._course import Course
from spanscore.evals.reporters._display import Listener
from spanscore.evals.reporters._text import percent, shortened
from spanscore.wire.regressions import Regression
from spanscore.wire.seams import ExperimentRef, Regressions

_VALUE_LENGTH: Final = 300
_BETWEEN: Final = "  "
"""What is between the columns of a table."""

_STYLES: Final = {"better": "green", "worse": "red", "no evidence": "dim"}
"""How cells of a verdict look."""


class TerminalDisplay:
    """Shows a bar while the cases run, and tables of the figures and the worst regressions at the end."""

    def __init__(
        self,
        console: Console | None = None,
        progress: Console | None = None,
        *,
        regressions: Regressions | None = None,
        verbose: bool = False,
    ) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._progress = progress or Console(stderr=True)
        self._regressions = regressions
        self._verbose = verbose

    @contextmanager
    def watch(self, experiment: ExperimentRef, total: int | None) -> Generator[Listener, None, None]:
        """Show the bar with the failures, the cost and the time that is left."""
        course = Course(total)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[asides]}", style="red", markup=False),
        )
        with Progress(*columns, console=self._progress, transient=True) as progress:
            bar = progress.add_task(f"{experiment.project}/{experiment.name}", total=total, asides="")

            def told(result: EvalResult) -> None:
                course.add(result)
                progress.update(bar, advance=1, asides=", ".join(course.asides()))

            yield told

    def show(self, result: ExperimentResult) -> None:
        """Print the figures, the worst regressions and the first failures."""
        account = account_of(result, source=self._regressions, verbose=self._verbose)
        self._print(Text(account.headline, "bold"))
        for table in account.tables:
            fits = _width(table) <= self._console.width
            for shown in (_table(table),) if fits else _sentences(table):
                self._print(shown)
        for note in account.notes:
            self._print(Text(note, "dim"))
        if account.regressions:
            self._print(_regressions(account.regressions))
        for failure in account.failures:
            self._print(Text("failed ", "red") + Text(failure, ""))
        if account.failures_left_out:
            self._print(Text(f"and {account.failures_left_out} failures more"))
        for line in account.further:
            self._print(Text(line))

    def _print(self, shown: Text | Table | Padding) -> None:
        is_line = isinstance(shown, Text)
        self._console.print(shown, markup=False, highlight=False, emoji=False, soft_wrap=is_line)


def _table(cells: Sequence[Sequence[str]]) -> Table:
    header, *body = cells
    table = Table(box=None, pad_edge=False, header_style="dim")
    for index, title in enumerate(header):
        justify: Literal["left", "right"] = "right" if index else "left"
        table.add_column(Text(title), justify=justify, no_wrap=True)
    for row in body:
        table.add_row(*(Text(cell, _STYLES.get(cell, "")) for cell in row))
    return table


def _width(cells: Sequence[Sequence[str]]) -> int:
    """How wide a table of them is."""
    widest = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return sum(widest) + len(_BETWEEN) * (len(widest) - 1)


def _sentences(cells: Sequence[Sequence[str]]) -> Iterator[Text]:
    """The same for a terminal that is too narrow for the table: a figure that is cut off is none."""
    header, *body = cells
    for name, *figures in body:
        told = (f"{title} {figure}" for title, figure in zip(header[1:], figures, strict=True) if figure)
        yield Text.assemble((f"{header[0]} ", "dim"), f"{name}: {', '.join(told)}")


def _regressions(regressions: Sequence[Regression]) -> Padding:
    """The inputs that got worse, cell by cell."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("got worse: input", "expected", "before", "now", "scores", "trace"):
        table.add_column(title, overflow="fold", no_wrap=title in ("scores", "trace"))
    for each in regressions:
        falls = (f"{name} {percent(old)} → {percent(new)}" for name, (old, new) in each.scores.items())
        table.add_row(
            Text(shortened(each.input, _VALUE_LENGTH)),
            Text(shortened(each.expected, _VALUE_LENGTH)),
            Text(shortened(each.before_output, _VALUE_LENGTH)),
            _now(each),
            Text("\n".join(falls), "red"),
            Text(each.trace_id[:8], "dim"),
        )
    return Padding(table, (1, 0))


def _now(regression: Regression) -> Text:
    if regression.error is not None:
        return Text(f"error: {shortened(regression.error, _VALUE_LENGTH)}", "red")
    return Text(shortened(regression.output, _VALUE_LENGTH))
