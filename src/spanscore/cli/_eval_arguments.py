"""The arguments of `spanscore eval`."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from spanscore.cli._eval_files import PATTERNS
from spanscore.cli.gate import add_gates
from spanscore.errors import ConfigError
from spanscore.evals import Look, Overrides
from spanscore.evals._matrix import read_parameter, read_values
from spanscore.evals._overridden import check_overrides

EPILOG = (
    "Exit code: 0 all fine; 1 a file, a case or a scorer failed, a reporter says so, or an eval lacks the "
    "parameter or the RUN that is named; 2 wrong usage or nothing to run: no eval, no case, or none that "
    "filters choose; 3 a gate is not met, of the arguments or of [tool.spanscore.gates] in pyproject.toml; "
    "130 interrupted."
)

_Add = Callable[..., object]
"""`add_argument` of a group."""

_Read = TypeVar("_Read")


def add_eval_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all of them."""
    named = f"files, or folders in which {' and '.join(PATTERNS)} are taken (default: this folder)"
    parser.add_argument("paths", nargs="*", type=Path, default=[Path()], metavar="PATH", help=named)
    parser.add_argument("--list", action="store_true", help="print the names of the evals and run nothing")
    parser.add_argument("--watch", action="store_true", help="run again when a file that was used changes")
    _add_cases(parser.add_argument_group("which cases").add_argument)
    _add_runs(parser.add_argument_group("how they run").add_argument)
    _add_output(parser.add_argument_group("output").add_argument)
    add_gates(parser)
    _add_account(parser.add_argument_group("account").add_argument)
    parser.epilog = EPILOG


def _add_cases(add: _Add) -> None:
    matching = "only cases whose value at PATH, such as metadata.topic, begins with a match of REGEX"
    add("--filter", action="append", type=_filter, metavar="PATH=REGEX", default=[], help=matching)
    add("--first", type=_count, metavar="N", help="only the first N cases")
    add("--sample", type=_count, metavar="N", help="only N cases, drawn at random")
    add("--seed", type=int, metavar="S", help="which sample (0 by default)")
    add("--failing", type=_name, metavar="RUN", help="only the cases that failed in this experiment")
    add("--resume", type=_name, metavar="RUN", help="go on with this experiment: only what it lacks")
    add("--retry-errors", type=_name, metavar="RUN", help="run again what errored in this experiment")


def _add_runs(add: _Add) -> None:
    add("--experiment-name", type=_name, metavar="NAME", help="the experiment's name")
    parameter = "the value of a parameter: JSON, else text"
    add("--param", action="append", type=_parameter, metavar="NAME=VALUE", default=[], help=parameter)
    product = "run once with each value; given several times, with each combination"
    add("--matrix", action="append", type=_values, metavar="NAME=A,B", default=[], help=product)
    add("--max-concurrency", type=_count, metavar="N", help="at most N cases at once")
    add("--num-workers", type=_count, metavar="N", help="at most N threads for sync functions")
    add("--cache", action="store_true", help="answer equal requests of wrapped clients from disk")
    add("--no-send-logs", action="store_true", help="store and send nothing")
    add("--terminate-on-failure", action="store_true", help="stop at the first file that fails")


def _add_output(add: _Add) -> None:
    tracebacks = "whole tracebacks; -vv: what the libraries log, too"
    add("-v", "--verbose", action="count", default=0, help=tracebacks)
    add("--quiet", action="store_true", help="nothing but what failed")
    add("--no-progress", "--no-progress-bars", action="store_true", help="do not say how far it is")
    lines = "one JSON object an experiment on stdout; all else on stderr"
    add("--jsonl", "--json", action="store_true", help=lines)
    add("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    add("--markdown", type=Path, metavar="FILE", help="write Markdown, as for a pull request")
    add("--html", type=Path, metavar="FILE", help="write a page that needs no network")


def _add_account(add: _Add) -> None:
    add("--env-file", type=Path, metavar="FILE", help="set the variables of a dotenv file")
    add("--api-key", metavar="KEY", help="the Braintrust key")
    add("--org-name", metavar="NAME", help="the Braintrust organization")
    add("--app-url", metavar="URL", help="the address of Braintrust")


def overrides_of(args: argparse.Namespace) -> Overrides:
    """What the arguments want otherwise than the eval files say."""
    return Overrides(
        first=args.first,
        sample=args.sample,
        seed=args.seed or 0,
        filters=tuple(args.filter),
        failing=args.failing,
        resume=args.resume,
        retry_errors=args.retry_errors,
        cache=args.cache,
        parameters=dict(args.param) or None,
        experiment_name=args.experiment_name,
        no_send_logs=args.no_send_logs,
        num_workers=args.num_workers,
        max_concurrency=args.max_concurrency,
        list_only=args.list,
    )


def check_arguments(args: argparse.Namespace) -> None:
    """Raise ConfigError for what contradicts itself, or what no eval can use."""
    if args.seed is not None and args.sample is None:
        raise ConfigError(f"--seed {args.seed} chooses a sample, and none is asked for; give --sample N too")
    check_overrides(overrides_of(args), is_varied=bool(args.matrix))


def look_of(args: argparse.Namespace) -> Look:
    """How much the arguments want to be shown."""
    return Look(quiet=args.quiet or args.list, verbose=args.verbose > 0, progress=not args.no_progress)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty; a variable of the shell may have no value")
    return text


def _filter(text: str) -> tuple[str, str]:
    path, sign, regex = text.partition("=")
    if not sign or not path.strip():
        raise argparse.ArgumentTypeError(f"{text!r} has no path; write it like metadata.topic=billing")
    try:
        re.compile(regex)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{regex!r} is no regular expression: {error}") from error
    return path.strip(), regex


def _parameter(text: str) -> tuple[str, Any]:
    return _said(read_parameter, text)


def _values(text: str) -> tuple[str, tuple[Any, ...]]:
    return _said(read_values, text)


def _said(read: Callable[[str], _Read], text: str) -> _Read:
    """What `read` makes of the text; what it cannot read is wrong usage."""
    try:
        return read(text)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
