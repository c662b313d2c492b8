"""The end of a run of eval files: what is reported, and the exit code."""

import argparse
import asyncio
import sys

from spanscore._json import JsonText
from spanscore.cli._eval_arguments import look_of
from spanscore.cli._eval_reporters import Reported, report_run
from spanscore.cli._eval_run import RunOutcome
from spanscore.cli._output import json_line
from spanscore.cli._summary_json import summary_json
from spanscore.evals import ExperimentResult, choose_display

_OK, _FAILED, _NOTHING = 0, 1, 2


def conclude(outcome: RunOutcome, args: argparse.Namespace) -> int:
    """Report the run to whom it concerns; the exit code."""
    reported = asyncio.run(report_run(outcome.session, verbose=args.verbose > 0, jsonl=args.jsonl))
    _show(reported, args)
    return _exit_code(outcome, reported)


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


def _exit_code(outcome: RunOutcome, reported: Reported) -> int:
    if not outcome.session.ended and not outcome.broken:
        return _NOTHING
    is_fine = all(ended.result.success for ended in reported.by_default) and all(reported.verdicts.values())
    return _OK if is_fine and not outcome.broken and not reported.problems else _FAILED
