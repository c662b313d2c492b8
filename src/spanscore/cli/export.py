"""`spanscore export`: the rows of a project's logs or an experiment."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from spanscore.cli._export_formats import FORMATS
from spanscore.cli._store import reading_store
from spanscore.errors import ConfigError
from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind

_BY_NAME = "experiment:"
_DEFAULT = "jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore export`."""
    named = "project_name:NAME for its logs, experiment_id:ID or experiment:PROJECT/NAME"
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
        with _opened(args.output) as file:
            FORMATS[name](chain([first], rows), file)
    return 0


def _sent(args: argparse.Namespace) -> int:
    if args.output is not None or args.format is not None:
        raise ConfigError("--to sends rows, and writes none; leave --output and --format out")
    # Here and not at the top: only this needs an HTTP client.
    from spanscore.cli._export_remote import send  # noqa: PLC0415

    return send(args.parent)


def _container(store: SqliteStore, text: str) -> Parent:
    if text.startswith(_BY_NAME):
        experiment = store.find_experiment(text[len(_BY_NAME) :])
        return Parent(ParentKind.EXPERIMENT_ID, experiment.id)
    return Parent.parse(text)


@contextmanager
def _opened(path: Path | None) -> Generator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        file = path.open("wb")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    with file:
        yield file
