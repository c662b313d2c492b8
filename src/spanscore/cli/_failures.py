"""What failed in a stored experiment."""

from itertools import islice

from rich.text import Text

from spanscore.cli._format import preview
from spanscore.cli._output import console, table
from spanscore.evals.reporters._case_report import CaseReport, case_of_trace
from spanscore.store import SqliteStore
from spanscore.wire.summaries import ExperimentSummary


def failures_of(store: SqliteStore, summary: ExperimentSummary, limit: int) -> list[CaseReport]:
    """The first cases of which the task or a scorer failed; of several attempts the newest counts."""
    if not (summary.errors or summary.scorer_errors):
        return []
    trials = store.finished_trials(summary.experiment_id)
    failed = (each.trace_id for each in trials if each.is_error or each.is_scorer_error)
    return [_report(store, trace_id) for trace_id in list(islice(failed, limit))]


def _report(store: SqliteStore, trace_id: str) -> CaseReport:
    # The eval span is the oldest of its type, but not of the trace where the eval had a parent.
    return case_of_trace(sorted(store.trace(trace_id), key=lambda row: row.type != "eval"))


def print_failures(failures: list[CaseReport], limit: int) -> None:
    """A row a failure: of which input, what failed with which error, and its trace."""
    rows = [
        (preview(case.input), where, error, case.trace_id[:8])
        for case in failures
        for where, error in _errors(case)
    ]
    if not rows:
        return
    screen = console()
    screen.print()
    screen.print(Text(f"the first {limit} that failed" if len(failures) == limit else "failed", "bold"))
    screen.print(table(("input", "in", "error", "trace"), rows, flexible=["input", "error"]))


def _errors(case: CaseReport) -> list[tuple[str, str]]:
    task = [] if case.error is None else [("task", case.error)]
    return task + sorted(case.scorer_errors.items())
