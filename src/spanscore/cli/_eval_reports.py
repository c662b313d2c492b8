"""The files that `spanscore eval` writes for other programs and for people."""

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Final

from spanscore._config import step_summary_file
from spanscore.errors import ConfigError
from spanscore.evals import EndedEval
from spanscore.evals.reporters._account import account_of
from spanscore.evals.reporters._case_report import CaseReport, case_of_result, case_of_trace
from spanscore.evals.reporters._html import write_html
from spanscore.evals.reporters._junit import write_junit
from spanscore.evals.reporters._markdown import markdown
from spanscore.evals.reporters._section import Section
from spanscore.wire.regressions import Regression
from spanscore.wire.seams import Regressions

_MOST_REGRESSIONS: Final = 200


def write_reports(
    args: argparse.Namespace, evals: Sequence[EndedEval], unmet: Sequence[Sequence[str]]
) -> None:
    """Write the files that the arguments name, and the summary of the step in GitHub Actions.

    `unmet` has for each eval the gates that it fails. Raises ConfigError for a file that cannot be written.
    """
    summary = step_summary_file()
    if not evals or (args.junit, args.markdown, args.html, summary) == (None, None, None, None):
        return
    sections = [_section(ended, reasons) for ended, reasons in zip(evals, unmet, strict=True)]
    if args.junit is not None:
        _write(args.junit, "w", partial(write_junit, sections=sections))
    if args.html is not None:
        _write(args.html, "w", partial(write_html, sections=sections))
    if args.markdown is not None:
        _write(args.markdown, "w", lambda file: file.write(markdown(sections)))
    if summary is not None:
        _write(summary, "a", lambda file: file.write(markdown(sections)))


def check_reports(args: argparse.Namespace) -> None:
    """Raise ConfigError, before a case has run, for a file that could not be written after the last."""
    for path in filter(None, (args.junit, args.markdown, args.html)):
        above = next((folder for folder in path.resolve().parents if folder.exists()), path)
        if path.is_dir() or not above.is_dir() or not os.access(path if path.exists() else above, os.W_OK):
            wrong = "it is a folder" if path.is_dir() else f"{above} is no folder that may be written to"
            raise ConfigError(f"{path} cannot be written: {wrong}; name a file that can be")


def _write(path: Path, mode: str, write: Callable[[IO[str]], object]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            write(file)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error}; name a file that can be") from error


def _section(ended: EndedEval, unmet: Sequence[str]) -> Section:
    known = None if ended.backend is None else _Remembered(ended.backend)
    account = account_of(ended.result, source=known)
    return Section(
        result=ended.result,
        account=account,
        cases=partial(_cases, ended),
        unmet=unmet,
        worse={each.trace_id: each for each in (() if known is None else known.found)},
    )


class _Remembered:
    """Asks for regressions once, and for all that reports show."""

    def __init__(self, source: Regressions) -> None:
        self._source = source
        self.found: Sequence[Regression] = ()

    def regressions(self, experiment_id: str, baseline_id: str, *, limit: int) -> Sequence[Regression]:
        self.found = self._source.regressions(experiment_id, baseline_id, limit=_MOST_REGRESSIONS)
        return self.found[:limit]


def _cases(ended: EndedEval) -> Iterator[CaseReport]:
    """The cases: those at hand if they are all, else as they are stored."""
    result = ended.result
    if ended.backend is None or len(result.results) >= result.summary.cases:
        return map(case_of_result, result.results)
    return map(case_of_trace, ended.backend.finished_traces(result.summary.experiment_id))
