"""The display for a terminal: a progress bar, then tables."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from spanscore.evals._result import EvalResult, ExperimentResult
from spanscore.evals.reporters._display import Listener
from spanscore.evals.reporters._figures import (
    METRIC_COLUMNS,
    SCORE_COLUMNS,
    headline,
    metric_cells,
    score_cells,
    without_empty_columns,
)
from spanscore.evals.reporters._plain import FAILURES_SHOWN
from spanscore.wire.seams import ExperimentRef

_RIGHT: Final = "right"


class TerminalDisplay:
    """Shows a bar while the cases run, and tables of the figures at the end."""

    def __init__(self, console: Console | None = None, progress: Console | None = None) -> None:
        self._console = console or Console()
        self._progress = progress or Console(stderr=True)

    @contextmanager
    def watch(self, experiment: ExperimentRef, total: int | None) -> Generator[Listener, None, None]:
        """Show the bar; it counts the failed cases."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[red]{task.fields[failed]}"),
        )
        failed = 0
        with Progress(*columns, console=self._progress, transient=True) as progress:
            bar = progress.add_task(escape(f"{experiment.project}/{experiment.name}"), total=total, failed="")

            def told(result: EvalResult) -> None:
                nonlocal failed
                if result.error is not None or result.scorer_errors:
                    failed += 1
                    progress.update(bar, failed=f"{failed} failed")
                progress.advance(bar)

            yield told

    def show(self, result: ExperimentResult) -> None:
        """Print the figures and the first failures."""
        summary = result.summary
        self._console.print(f"[bold]{escape(headline(summary))}[/bold]")
        self._print_table(SCORE_COLUMNS, [score_cells(score) for score in summary.scores.values()])
        self._print_table(METRIC_COLUMNS, [metric_cells(metric) for metric in summary.metrics.values()])
        for failure in result.errors[:FAILURES_SHOWN]:
            self._console.print(f"[red]failed[/red] {escape(str(failure))}")
        if result.error_count > FAILURES_SHOWN:
            self._console.print(f"and {result.error_count - FAILURES_SHOWN} failures more")
        self._console.print(f"see {escape(result.permalink)}")

    def _print_table(self, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        if not rows:
            return
        header, *body = without_empty_columns(columns, rows)
        table = Table(box=None, pad_edge=False)
        for index, title in enumerate(header):
            table.add_column(title, justify=_RIGHT if index else "left", no_wrap=index > 0)
        for row in body:
            table.add_row(*(escape(cell) for cell in row))
        self._console.print(table)
