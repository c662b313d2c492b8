"""`spanscore eval`: run the evals of files and folders."""

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from spanscore._config import load_env_file, set_variables
from spanscore.cli._eval_arguments import add_eval_arguments, check_arguments, look_of, overrides_of
from spanscore.cli._eval_conclusion import conclude, conclude_interrupted, result_line
from spanscore.cli._eval_files import PATTERNS, find_eval_files
from spanscore.cli._eval_gates import read_gates
from spanscore.cli._eval_output import stdout_for_results
from spanscore.cli._eval_reports import check_reports
from spanscore.cli._eval_run import RunPlan, run_files
from spanscore.cli._watch import watch
from spanscore.errors import ConfigError
from spanscore.evals import EndedEval

_INTERRUPTED: Final = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore eval`."""
    add_eval_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run each file's evals as they are reached; the figures of each are shown as it ends."""
    _prepare(args)
    try:
        if args.list:
            return _list(args)
        if args.watch:
            watch(partial(_run_once, args), partial(_files, args), args.paths)
        return _run_once(args)
    except KeyboardInterrupt as interrupt:
        if not str(interrupt):
            raise
        # What the eval says of the cases that are kept, and how to go on.
        print(f"spanscore: {interrupt}", file=sys.stderr)
        return _INTERRUPTED


def _prepare(args: argparse.Namespace) -> None:
    """Check the arguments, and put into the environment what they say of it, before any file is imported."""
    check_arguments(args)
    check_reports(args)
    if args.env_file is not None:
        load_env_file(args.env_file)
    account = {"API_KEY": args.api_key, "ORG_NAME": args.org_name, "APP_URL": args.app_url}
    set_variables({f"BRAINTRUST_{name}": value for name, value in account.items()})
    if args.verbose > 1:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)


def _files(args: argparse.Namespace) -> list[Path]:
    files = find_eval_files(args.paths)
    if not files:
        given = ", ".join(map(str, args.paths))
        raise ConfigError(f"no evals in {given}; their files are named {' or '.join(PATTERNS)}")
    return files


def _plan(args: argparse.Namespace) -> RunPlan:
    return RunPlan(
        files=_files(args),
        overrides=overrides_of(args),
        look=look_of(args),
        matrix=args.matrix,
        terminate_on_failure=args.terminate_on_failure,
    )


def _list(args: argparse.Namespace) -> int:
    outcome = run_files(_plan(args), lambda _file, _evals: None)
    for name in outcome.session.names:
        print(name)
    return 1 if outcome.broken else 0


def _run_once(args: argparse.Namespace) -> int:
    gates = read_gates(args)
    with stdout_for_results() if args.jsonl else nullcontext() as results:
        outcome = run_files(_plan(args), partial(_tell, args, results))
    if outcome.interrupted is not None:
        conclude_interrupted(outcome, gates, args)
        raise outcome.interrupted
    return conclude(outcome, gates, args)


def _tell(args: argparse.Namespace, results: TextIO | None, file: Path, evals: Sequence[EndedEval]) -> None:
    """Say of a file that has run what is not on the screen yet."""
    for ended in evals:
        result = ended.result
        if results is not None and ended.is_shown:
            print(result_line(result), file=results, flush=True)
        if args.quiet and ended.is_shown and not result.success:
            print(f"{file}: {result.error_count} failed; see {result.permalink}", file=sys.stderr)
