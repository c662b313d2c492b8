"""`spanscore eval`: run the evals of files and folders."""

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from spanscore.cli._eval_files import PATTERNS, find_eval_files
from spanscore.cli._eval_output import WithoutProgress, stdout_for_results
from spanscore.cli._output import json_line
from spanscore.cli._run_file import run_file
from spanscore.cli._summary_json import summary_json
from spanscore.errors import ConfigError
from spanscore.evals import Display, ExperimentResult, SilentDisplay, choose_display, eval_session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore eval`."""
    named = f"files, or folders in which {' and '.join(PATTERNS)} are taken"
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=named)
    parser.add_argument("--no-progress", action="store_true", help="no progress bar")
    parser.add_argument("--quiet", action="store_true", help="nothing but what failed")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object an experiment; all else on stderr"
    )
    parser.epilog = (
        "Exit code: 0 all fine, 1 a case, a scorer or a file failed, 2 wrong usage or nothing to run."
    )


def run(args: argparse.Namespace) -> int:
    """Run each file's evals as they are reached; the figures of each are shown as it ends."""
    files = find_eval_files(args.paths)
    if not files:
        given = ", ".join(map(str, args.paths))
        raise ConfigError(f"no evals in {given}; their files are named {' or '.join(PATTERNS)}")
    with stdout_for_results() if args.json else nullcontext() as results:
        return _run_files(files, _display(args), results, quiet=args.quiet)


def _display(args: argparse.Namespace) -> Display | None:
    if args.quiet:
        return SilentDisplay()
    return WithoutProgress(choose_display()) if args.no_progress else None


def _run_files(files: list[Path], display: Display | None, results: TextIO | None, *, quiet: bool) -> int:
    evals = failures = 0
    for index, file in enumerate(files):
        with eval_session(display=display) as session:
            problem = run_file(file, after=files[:index])
        for result in session.results:
            if results is not None:
                print(_result_line(result), file=results, flush=True)
            if quiet and not result.success:
                print(f"{file}: {result.error_count} failed; see {result.permalink}", file=sys.stderr)
        if problem is not None:
            print(f"{file} failed:\n{problem}", file=sys.stderr, end="")
        elif not session.results:
            print(f"{file} has run no Eval(); evals run when the file is imported", file=sys.stderr)
        evals += len(session.results)
        failures += (problem is not None) + sum(not result.success for result in session.results)
    return 1 if failures else 0 if evals else 2


def _result_line(result: ExperimentResult) -> str:
    return json_line({**summary_json(result.summary), "permalink": result.permalink})
