"""The display for logs and CI: plain lines."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, TextIO

from spanscore._counted import counted
from spanscore.evals._result import ExperimentResult
from spanscore.evals.reporters._account import Account, account_of
from spanscore.evals.reporters._course import Course
from spanscore.evals.reporters._display import Listener
from spanscore.evals.reporters._text import percent, shortened
from spanscore.wire.regressions import Regression
from spanscore.wire.seams import ExperimentRef, Regressions

_EVERY_S: Final = 10.0
_VALUE_LENGTH: Final = 200


class PlainDisplay:
    """Writes a line at the start, one every ten seconds, and the figures at the end."""

    def __init__(
        self,
        *,
        progress: TextIO,
        summary: TextIO,
        regressions: Regressions | None = None,
        verbose: bool = False,
        every_s: float = _EVERY_S,
    ) -> None:
        self._progress = progress
        self._summary = summary
        self._regressions = regressions
        self._verbose = verbose
        self._every_s = every_s

    @contextmanager
    def watch(self, experiment: ExperimentRef, total: int | None) -> Generator[Listener, None, None]:
        """Say what runs, and how far it is, from time to time; also when no case finishes."""
        course = Course(total)
        self._say(
            f"running {experiment.project}/{experiment.name}"
            + (f": {counted(total, 'case')}" if total else "")
        )
        done = Event()
        ticking = Thread(target=self._tick, args=(course, done), name="spanscore-progress", daemon=True)
        ticking.start()
        try:
            yield course.add
        finally:
            done.set()
            ticking.join()

    def show(self, result: ExperimentResult) -> None:
        """Write the figures, the worst regressions and the first failures."""
        account = account_of(result, source=self._regressions, verbose=self._verbose)
        _print("\n".join(account_lines(account)), self._summary)

    def _tick(self, course: Course, done: Event) -> None:
        while not done.wait(self._every_s):
            self._say(course.words())

    def _say(self, line: str) -> None:
        _print(line, self._progress)


def _print(text: str, stream: TextIO) -> None:
    """Print the text, with escapes for what the stream's encoding lacks: a report must not end an eval."""
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


def account_lines(account: Account) -> Iterator[str]:
    """The account as lines of plain text."""
    yield account.headline
    for table in account.tables:
        yield from _aligned(table)
    yield from (f"  {note}" for note in account.notes)
    for regression in account.regressions:
        yield from _regression_lines(regression)
    for failure in account.failures:
        first, *rest = failure.splitlines()
        yield f"  failed {first}"
        yield from (f"    {line}" for line in rest)
    if account.failures_left_out:
        yield f"  and {account.failures_left_out} failures more"
    yield from account.further


def _regression_lines(regression: Regression) -> Iterator[str]:
    falls = (f"{name} {percent(old)} -> {percent(new)}" for name, (old, new) in regression.scores.items())
    yield f"  worse: {', '.join(falls)}"
    now = regression.output if regression.error is None else f"error: {regression.error}"
    values = {"input": regression.input, "expected": regression.expected}
    for name, value in {**values, "before": regression.before_output, "now": now}.items():
        if value is not None:
            yield f"    {name:8}  {shortened(value, _VALUE_LENGTH)}"
    yield f"    look at   spanscore trace {regression.trace_id}"


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """The table as lines: the first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
