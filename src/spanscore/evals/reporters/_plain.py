"""The display for logs and CI: plain lines."""

from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic
from typing import Final, TextIO

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
from spanscore.wire.seams import ExperimentRef

_EVERY_S: Final = 10.0
FAILURES_SHOWN: Final = 10


class PlainDisplay:
    """Writes a line at the start, one every ten seconds, and the figures at the end."""

    def __init__(self, *, progress: TextIO, summary: TextIO) -> None:
        self._progress = progress
        self._summary = summary

    @contextmanager
    def watch(self, experiment: ExperimentRef, total: int | None) -> Generator[Listener, None, None]:
        """Say what runs, and how far it is, from time to time."""
        of_total = "" if total is None else f" of {total}"
        finished = 0
        due = monotonic() + _EVERY_S
        self._say(f"running {experiment.project}/{experiment.name}" + (f": {total} cases" if total else ""))

        def told(_result: EvalResult) -> None:
            nonlocal finished, due
            finished += 1
            if monotonic() >= due:
                due = monotonic() + _EVERY_S
                self._say(f"{finished}{of_total} cases finished")

        yield told

    def show(self, result: ExperimentResult) -> None:
        """Write the figures and the first failures."""
        lines = [headline(result.summary)]
        lines += _aligned(SCORE_COLUMNS, [score_cells(score) for score in result.summary.scores.values()])
        lines += _aligned(
            METRIC_COLUMNS, [metric_cells(metric) for metric in result.summary.metrics.values()]
        )
        lines += [f"  failed {failure}" for failure in result.errors[:FAILURES_SHOWN]]
        if result.error_count > FAILURES_SHOWN:
            lines.append(f"  and {result.error_count - FAILURES_SHOWN} failures more")
        lines.append(f"see {result.permalink}")
        print("\n".join(lines), file=self._summary, flush=True)

    def _say(self, line: str) -> None:
        print(line, file=self._progress, flush=True)


def _aligned(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """The table as lines: the first column to the left, figures to the right."""
    if not rows:
        return []
    table = without_empty_columns(columns, rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]
