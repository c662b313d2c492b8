"""`spanscore experiments list`: the newest experiments and their scores."""

import argparse
from typing import Any

from rich.text import Text

from spanscore.cli._arguments import add_json, add_limit, add_project
from spanscore.cli._format import iso, moment, one_line, percent
from spanscore.cli._output import console, print_json_list, table
from spanscore.cli._store import reading_store
from spanscore.store import ExperimentListing

_COLUMNS = ("experiment", "project", "created", "cases", "errors", "partial", "scores")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore experiments list`."""
    add_project(parser)
    add_limit(parser, 20)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the experiments, newest first."""
    with reading_store() as store:
        listings = store.experiments(project=args.project, limit=args.limit)
    if args.json:
        print_json_list(map(_plain, listings))
    elif listings:
        screen = console()
        screen.print(
            table(
                _COLUMNS,
                [_cells(each) for each in listings],
                numbers=("cases", "errors"),
                flexible=("experiment", "project", "partial", "scores"),
            )
        )
        screen.print(Text("\nLook into one: spanscore experiments show EXPERIMENT", "dim"))
    else:
        print("no experiments" + (f" in project {args.project!r}" if args.project else ""))
    return 0


def _cells(listing: ExperimentListing) -> tuple[str, ...]:
    ref = listing.ref
    return (
        one_line(ref.name),
        one_line(ref.project),
        moment(ref.created_ns),
        str(listing.cases),
        str(listing.errors or ""),
        one_line(listing.partial or ""),
        "  ".join(f"{one_line(name)} {percent(mean)}" for name, mean in listing.means.items()),
    )


def _plain(listing: ExperimentListing) -> dict[str, Any]:
    ref = listing.ref
    return {
        "id": ref.id,
        "name": ref.name,
        "project_id": ref.project_id,
        "project_name": ref.project,
        "created": iso(ref.created_ns),
        "cases": listing.cases,
        "errors": listing.errors,
        "partial": listing.partial,
        "scores": dict(listing.means),
    }
