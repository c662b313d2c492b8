"""`spanscore datasets show`: a dataset and the first of its records."""

import argparse
from itertools import islice
from typing import Any

from rich.console import Console
from rich.text import Text

from spanscore._counted import counted
from spanscore.cli._arguments import add_json, add_limit
from spanscore.cli._dataset_reference import add_dataset, dataset_at, datasets_in_force
from spanscore.cli._format import one_line, preview
from spanscore.cli._output import console, json_line, table
from spanscore.wire.datasets import DatasetRecord, DatasetRef, DatasetSnapshot, DatasetState

_COLUMNS = ("id", "input", "expected", "tags", "metadata")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore datasets show`."""
    add_dataset(parser)
    add_limit(parser, 20)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print what is known of the dataset, its snapshots and the first records."""
    datasets = datasets_in_force()
    ref, version = dataset_at(datasets, args.dataset)
    state = datasets.dataset_state(ref.id, version=version)
    snapshots = datasets.snapshots(ref.id)
    if args.json:
        print(json_line(_plain(ref, state, snapshots)))
        return 0
    screen = console()
    _print_facts(screen, ref, state, snapshots)
    reading = datasets.read_records(ref.id, version=version, portion=args.limit)
    records = list(islice(reading, args.limit))
    if records:
        rows = [_cells(each) for each in records]
        screen.print(table(_COLUMNS, rows, flexible=("id", "input", "expected", "tags", "metadata")))
    if state.records > len(records):
        screen.print(Text(f"\nand {state.records - len(records):,} more: spanscore datasets export", "dim"))
    return 0


def _print_facts(
    screen: Console, ref: DatasetRef, state: DatasetState, snapshots: list[DatasetSnapshot]
) -> None:
    screen.print(Text(one_line(f"{ref.project}/{ref.name}"), "bold"))
    if ref.description:
        screen.print(Text(one_line(ref.description)))
    screen.print(f"{counted(state.records, 'record')}, version {state.version or '-'}, id {ref.id}")
    for each in snapshots:
        about = f"  {each.description}" if each.description else ""
        screen.print(one_line(f"snapshot {each.name}: version {each.version}{about}"))
    screen.print()


def _cells(record: DatasetRecord) -> tuple[str, ...]:
    return (
        one_line(record.id),
        preview(record.input),
        preview(record.expected),
        one_line(", ".join(record.tags or ())),
        preview(record.metadata),
    )


def _plain(ref: DatasetRef, state: DatasetState, snapshots: list[DatasetSnapshot]) -> dict[str, Any]:
    return {
        "id": ref.id,
        "name": ref.name,
        "project_id": ref.project.id,
        "project_name": ref.project.name,
        "description": ref.description,
        "metadata": dict(ref.metadata),
        "created": ref.created,
        "records": state.records,
        "version": state.version,
        "snapshots": [
            {
                "name": each.name,
                "version": each.version,
                "created": each.created,
                "description": each.description,
            }
            for each in snapshots
        ],
    }
