"""The end of a run of eval files: what is reported, and the exit code."""

import argparse
import asyncio
import sys
from itertools import compress

from spanscore._json import JsonText
from spanscore.cli._eval_arguments import look_of
from spanscore.cli._eval_gates import Checked, Gates, check_gates
from spanscore.cli._eval_reporters import Reported, report_run
from spanscore.cli._eval_reports import write_reports
from spanscore.cli._eval_run import RunOutcome
from spanscore.cli._output import json_line
from spanscore.cli._summary_json import summary_json
from spanscore.evals import ExperimentResult, choose_display
from spanscore.evals._stopping import INTERRUPTED

_OK, _FAILED, _WRONG, _UNMET = 0, 1, 2, 3


def conclude(outcome: RunOutcome, gates: Gates, args: argparse.Namespace) -> int:
    """Report the run to whom it concerns, and write its files; the exit code."""
    reported = asyncio.run(report_run(outcome.session, verbose=args.verbose > 0, jsonl=args.jsonl))
    _show(reported, args)
    checked = check_gates(gates, outcome.session.ended)
    _tell(checked, outcome)
    write_reports(args, outcome.session.ended, checked.unmet)
    return _exit_code(outcome, reported, checked)


def conclude_interrupted(outcome: RunOutcome, gates: Gates, args: argparse.Namespace) -> None:
    """Write the files of the run, with what there is; gates are for evals that have ended by themselves."""
    evals = outcome.session.ended
    are_whole = [ended.result.stopped != INTERRUPTED for ended in evals]
    unmet = iter(check_gates(gates, list(compress(evals, are_whole))).unmet)
    write_reports(args, evals, [next(unmet) if is_whole else [] for is_whole in are_whole])


def result_line(result: ExperimentResult) -> JsonText:
    """What came of an eval as one line of JSON."""
    return json_line({**summary_json(result.summary), "permalink": result.permalink})


def _show(reported: Reported, args: argparse.Namespace) -> None:
    """Show what no reporter has told, and what went wrong with reporters."""
    for ended in reported.by_default:
        if ended.is_shown:
            continue
        if args.jsonl:
            print(result_line(ended.result), flush=True)
        else:
            choose_display(look_of(args), regressions=ended.backend).show(ended.result)
    for problem in reported.problems:
        print(problem, file=sys.stderr, end="")


def _tell(checked: Checked, outcome: RunOutcome) -> None:
    """Say why gates are not met, and which could not be decided."""
    for ended, reasons in zip(outcome.session.ended, checked.unmet, strict=True):
        for reason in reasons:
            summary = ended.result.summary
            print(f"gate not met: {summary.project}/{summary.experiment}: {reason}", file=sys.stderr)
    for text in (*checked.undecided, *checked.unknown):
        print(f"gate: {text}", file=sys.stderr)


def _exit_code(outcome: RunOutcome, reported: Reported, checked: Checked) -> int:
    """A file that failed goes before a gate, since the run is not whole, and a gate before failed cases.

    That none of an eval's cases was chosen is no failure where another has run; that it lacks what was named
    is one.
    """
    is_misused = any(left.is_misuse for left in outcome.session.left_out)
    has_any = any(ended.result.summary.cases for ended in outcome.session.ended)
    if checked.unknown or not (has_any or outcome.broken):
        return _WRONG
    if outcome.broken or is_misused or reported.problems:
        return _FAILED
    if any(checked.unmet):
        return _UNMET
    is_fine = all(ended.result.success for ended in reported.by_default) and all(reported.verdicts.values())
    return _OK if is_fine else _FAILED
