"""`spanscore trace`: one trace as a tree."""

import argparse

from spanscore.cli._arguments import add_json
from spanscore.cli._output import console, print_json_list
from spanscore.cli._store import container_name, reading_store
from spanscore.cli._trace_view import print_trace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore trace`."""
    named = "the id of a trace or of one of its spans, or its beginning, or `latest`"
    parser.add_argument("id", metavar="ID", help=named)
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="with each span's values and whole errors"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the spans of the trace."""
    with reading_store() as store:
        rows = store.trace(args.id)
        if args.json:
            print_json_list(row.as_dict() for row in rows)
        else:
            print_trace(
                console(), rows, container=container_name(store, rows[0].parent), verbose=args.verbose
            )
    return 0
