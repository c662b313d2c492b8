"""`spanscore datasets export`: the records of a dataset as a file."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from spanscore.cli._dataset_reference import add_dataset, dataset_at, datasets_in_force
from spanscore.cli._output_file import output_file
from spanscore.datasets import FORMATS, format_of, write_file
from spanscore.errors import ConfigError
from spanscore.wire.datasets import DatasetRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore datasets export`."""
    add_dataset(parser)
    by_default = "by default that of the file's name, else jsonl"
    parser.add_argument("--format", choices=FORMATS, help=by_default)
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: stdout)")


def run(args: argparse.Namespace) -> int:
    """Write the records, as they are read."""
    chosen = args.format or (args.output and format_of(args.output)) or "jsonl"
    if chosen == "parquet" and args.output is None and sys.stdout.isatty():
        raise ConfigError("Parquet is nothing for a terminal; give --output FILE")
    datasets = datasets_in_force()
    ref, version = dataset_at(datasets, args.dataset)
    records = datasets.read_records(ref.id, version=version)
    # The first record before the file: where there is nothing to export, none is made.
    first = next(records, None)
    if first is None:
        at = "" if version is None else f" in version {version}"
        print(f"{ref.project}/{ref.name} has no records{at}", file=sys.stderr)
        return 1
    with output_file(args.output) as file:
        write_file(_plain(chain([first], records)), file, chosen)
    return 0


def _plain(records: Iterable[DatasetRecord]) -> Iterator[dict[str, Any]]:
    for record in records:
        yield {
            "id": record.id,
            "input": record.input,
            "expected": record.expected,
            "metadata": record.metadata,
            "tags": record.tags,
            "origin": record.origin,
        }
