"""`spanscore datasets list`: the newest datasets."""

import argparse
from typing import Any

from rich.text import Text

from spanscore.cli._arguments import add_json, add_limit, add_project
from spanscore.cli._dataset_reference import datasets_in_force
from spanscore.cli._format import one_line
from spanscore.cli._output import console, print_json_list, table
from spanscore.wire.datasets import DatasetListing

_COLUMNS = ("dataset", "project", "created", "records", "version")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore datasets list`."""
    add_project(parser)
    add_limit(parser, 20)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the datasets, newest first."""
    listings = datasets_in_force().list_datasets(project=args.project, limit=args.limit)
    if args.json:
        print_json_list(map(_plain, listings))
    elif listings:
        screen = console()
        rows = [_cells(each) for each in listings]
        screen.print(table(_COLUMNS, rows, numbers=("records",), flexible=("dataset", "project")))
        screen.print(Text("\nLook into one: spanscore datasets show PROJECT/DATASET", "dim"))
    else:
        print("no datasets" + (f" in project {args.project!r}" if args.project else ""))
    return 0


def _cells(listing: DatasetListing) -> tuple[str, ...]:
    ref, state = listing.ref, listing.state
    created = ref.created[:19].replace("T", " ")
    return (
        one_line(ref.name),
        one_line(ref.project.name),
        created,
        f"{state.records:,}",
        state.version or "-",
    )


def _plain(listing: DatasetListing) -> dict[str, Any]:
    ref, state = listing.ref, listing.state
    return {
        "id": ref.id,
        "name": ref.name,
        "project_id": ref.project.id,
        "project_name": ref.project.name,
        "created": ref.created,
        "records": state.records,
        "version": state.version,
    }
