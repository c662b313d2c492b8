"""`spanscore export`: the rows of a project's logs or an experiment."""

import argparse
import sys
from itertools import chain
from pathlib import Path

from spanscore.cli._export_formats import FORMATS
from spanscore.cli._output_file import output_file
from spanscore.cli._store import reading_store
from spanscore.errors import ConfigError, NotFoundError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind

_BY_NAME = "experiment:"
_KINDS = frozenset(member.value for member in ParentKind)
_DEFAULT = "jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore export`."""
    named = (
        "project_name:NAME for its logs, or an experiment: PROJECT/NAME, its name, its id or its beginning"
    )
    parser.add_argument("parent", metavar="PARENT", help=named)
    by_default = "by default that of the file's name, else jsonl"
    parser.add_argument("--format", choices=list(FORMATS), help=by_default)
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: stdout)")
    to = "send an experiment to the account of BRAINTRUST_API_KEY; may be repeated, sends what is missing"
    parser.add_argument("--to", choices=["braintrust"], help=to)


def run(args: argparse.Namespace) -> int:
    """Write the rows, oldest first, as the store yields them, or send them to an account."""
    if args.to is not None:
        return _sent(args)
    suffix = args.output.suffix[1:] if args.output else ""
    name = args.format or (suffix if suffix in FORMATS else _DEFAULT)
    if name == "parquet" and args.output is None and sys.stdout.isatty():
        raise ConfigError("Parquet is nothing for a terminal; give --output FILE")
    with reading_store() as store:
        rows = store.rows(_container(store, args.parent))
        # The first row before the file: where there is nothing to export, none is made.
        first = next(rows, None)
        if first is None:
            print(f"{args.parent} has no rows", file=sys.stderr)
            return 1
        with output_file(args.output) as file:
            FORMATS[name](chain([first], rows), file)
    return 0


def _sent(args: argparse.Namespace) -> int:
    if args.output is not None or args.format is not None:
        raise ConfigError("--to sends rows, and writes none; leave --output and --format out")
    # Here and not at the top: only this needs an HTTP client.
    from spanscore.cli._export_remote import send  # noqa: PLC0415

    return send(args.parent)


def _container(store: SqliteStore, text: str) -> Parent:
    """The container that is meant; what is no other is an experiment. Raises NotFoundError."""
    if text.partition(":")[0] in _KINDS:
        return Parent.parse(text)
    try:
        experiment = store.find_experiment(text.removeprefix(_BY_NAME))
    except NotFoundError as error:
        raise NotFoundError(f"{error}; the logs of a project are project_name:NAME") from None
    return Parent(ParentKind.EXPERIMENT_ID, experiment.id)
