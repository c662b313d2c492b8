"""`spanscore datasets import`: records of a file, or of logged spans, into a dataset."""

import argparse
import sys
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from spanscore._counted import counted
from spanscore.cli._arguments import add_project, count
from spanscore.cli._dataset_import import changes_of_records, changes_of_spans, write_all
from spanscore.cli._dataset_reference import dataset_to_write, datasets_in_force
from spanscore.cli._row_filter import row_filter
from spanscore.cli._store import reading_store
from spanscore.datasets import FORMATS, Columns, read_file
from spanscore.errors import ConfigError, SpanscoreError
from spanscore.wire.datasets import DatasetChange, DatasetRef
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import Datasets

_OF_LOGS = ("filter", "all_spans")
_OF_FILES = ("format", "input", "expected", "metadata", "tags", "id")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore datasets import`."""
    parser.add_argument("dataset", metavar="DATASET", help="PROJECT/NAME, which is made if it is not there")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="a .jsonl, .csv or .parquet file")
    add_project(parser)
    parser.add_argument("--limit", type=count, metavar="N", help="at most so many (all by default)")
    parser.add_argument("--snapshot", metavar="NAME", help="name the version that comes of it")
    columns = parser.add_argument_group(
        "files", "records without an id are known by their content: none twice"
    )
    columns.add_argument("--format", choices=FORMATS, help="by default that of the file's name")
    several = "the column of the input; several make an object"
    columns.add_argument("--input", action="append", metavar="COLUMN", help=several)
    columns.add_argument("--expected", action="append", metavar="COLUMN", help="that of what is expected")
    columns.add_argument("--metadata", action="append", metavar="COLUMN", help="columns that are metadata")
    columns.add_argument("--tags", metavar="COLUMN", help="that of the tags")
    columns.add_argument("--id", metavar="COLUMN", help="that of the ids")
    logs = parser.add_argument_group("logs", "records are known by their spans: none twice")
    logs.add_argument("--from-logs", metavar="PROJECT", help="the roots of the traces of this project's logs")
    matching = "those alone whose value at PATH, such as metadata.plan, begins with a match; may be repeated"
    logs.add_argument("--filter", action="append", type=row_filter, metavar="PATH=REGEX", help=matching)
    logs.add_argument("--all-spans", action="store_true", help="not only the roots of traces")


def run(args: argparse.Namespace) -> int:
    """Write the records and say how many the dataset has now."""
    _check(args)
    datasets = datasets_in_force()
    with _changes(args) as changes:
        # The first one before the dataset: where nothing can be read, none is made.
        first = next(changes, None)
        if first is None:
            print("nothing to import")
            return 1
        ref = dataset_to_write(datasets, args.dataset, args.project)
        written = _written(datasets, ref, chain((first,), changes))
    state = datasets.dataset_state(ref.id)
    if args.snapshot and state.version is not None:
        datasets.add_snapshot(ref.id, args.snapshot, state.version)
    named = f", snapshot {args.snapshot}" if args.snapshot else ""
    print(
        f"{counted(written, 'record')} imported; {ref.project}/{ref.name} has {state.records:,}, "
        f"version {state.version}{named}"
    )
    return 0


def _check(args: argparse.Namespace) -> None:
    if (args.file is None) == (args.from_logs is None):
        raise ConfigError("give a FILE or --from-logs PROJECT, and not both")
    foreign = _OF_FILES if args.file is None else _OF_LOGS
    wrong = [name for name in foreign if getattr(args, name)]
    if wrong:
        flag = wrong[0].replace("_", "-")
        raise ConfigError(f"--{flag} is for {'a FILE' if args.file is None else '--from-logs'}; leave it out")


@contextmanager
def _changes(args: argparse.Namespace) -> Generator[Iterator[DatasetChange]]:
    """What is to be written; a file has been read to its end by then, so that a broken line leaves no half.

    A pipe can be read only once.
    """
    if args.file is not None:
        if args.file.is_file():
            deque(_of_file(args), maxlen=0)
        yield _of_file(args)
        return
    with reading_store() as store:
        rows = store.rows(Parent(ParentKind.PROJECT_NAME, args.from_logs))
        yield islice(changes_of_spans(rows, args.filter or (), are_roots=not args.all_spans), args.limit)


def _of_file(args: argparse.Namespace) -> Iterator[DatasetChange]:
    columns = Columns(
        input=args.input or (),
        expected=args.expected or (),
        metadata=args.metadata or (),
        tags=args.tags,
        id=args.id,
    )
    records = read_file(args.file, columns=columns, format=args.format)
    return islice(changes_of_records(records), args.limit)


def _written(datasets: Datasets, ref: DatasetRef, changes: Iterator[DatasetChange]) -> int:
    """Write the changes; how many there were. Where that fails halfway, it is said how many are written."""
    written = 0
    try:
        for count_so_far in write_all(datasets, ref.id, changes):
            written = count_so_far
    except SpanscoreError:
        were = counted(written, "record was", "records were")
        told = f"{were} imported into {ref.project}/{ref.name} before this"
        print(f"{told}; import again: none comes twice", file=sys.stderr)
        raise
    return written
