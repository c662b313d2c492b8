"""The reporters that eval files define: which there are, and the report to them."""

import ast
import traceback
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spanscore.evals import EndedEval, EvalSession, ReporterDef

_NAME = "Reporter"


def defines_reporter(file: Path) -> bool:
    """True if the file's text calls `Reporter(…)`; then nothing is shown before it has.

    A file that cannot be read or parsed says so when it is run.
    """
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, ValueError, SyntaxError):
        return False
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        (isinstance(called, ast.Name) and called.id == _NAME)
        or (isinstance(called, ast.Attribute) and called.attr == _NAME)
        for called in calls
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What the reporters made of a run.

    `by_default` are the evals that no reporter is for, `problems` are texts: tracebacks of reporters, and
    evals of which nobody knows what they are for. `verdicts` has each reporter's, by name.
    """

    by_default: list[EndedEval] = field(default_factory=list[EndedEval])
    verdicts: dict[str, bool] = field(default_factory=dict[str, bool])
    problems: list[str] = field(default_factory=list[str])


async def report_run(session: EvalSession, *, verbose: bool, jsonl: bool) -> Reported:
    """Report each eval to its reporter, then the run to each reporter; one that raises stops no other."""
    reported = Reported()
    reports: dict[str, tuple[ReporterDef, list[Any]]] = {}
    for ended in session.ended:
        reporter = _chosen(ended, session, reported)
        if reporter is None:
            reported.by_default.append(ended)
            continue
        collected = reports.setdefault(reporter.name, (reporter, []))[1]
        report = reporter.report(ended.evaluator, ended.result, verbose=verbose, jsonl=jsonl)
        collected += await _made(report, reporter, reported)
    for name, (reporter, collected) in reports.items():
        verdict = reporter.conclude(collected, verbose=verbose, jsonl=jsonl)
        reported.verdicts[name] = all(await _made(verdict, reporter, reported))
    return reported


async def _made(report: Awaitable[Any], reporter: ReporterDef, reported: Reported) -> list[Any]:
    """What the reporter has made, in a list; an empty one if it has raised instead."""
    try:
        return [await report]
    except Exception:  # noqa: BLE001 - whatever the user's reporter raises, the other reports go on
        trouble = f"the reporter {reporter.name!r} failed:\n{traceback.format_exc()}"
        reported.problems.append(trouble)
        return []


def _chosen(ended: EndedEval, session: EvalSession, reported: Reported) -> ReporterDef | None:
    """The reporter of an eval: the one it names, else the only one; None if there is none."""
    named = ended.reporter
    if isinstance(named, ReporterDef):
        return named
    reporters = list(session.reporters.values())
    if named is None:
        if len(reporters) > 1:
            reported.problems.append(f"{ended.evaluator.eval_name}: {session.unclear_reporter()}\n")
        return reporters[0] if len(reporters) == 1 else None
    if named not in session.reporters:
        known = ", ".join(map(repr, session.reporters)) or "none"
        reported.problems.append(
            f"{ended.evaluator.eval_name}: there is no reporter {named!r}; the files define {known}\n"
        )
    return session.reporters.get(named)
