"""`spanscore experiments show`: the figures of one experiment."""

import argparse
from typing import Any

from rich.text import Text

from spanscore.cli._arguments import add_experiment, add_json, add_limit
from spanscore.cli._failures import failures_of, print_failures
from spanscore.cli._figures import print_figures
from spanscore.cli._format import percent, preview
from spanscore.cli._output import console, json_line, table
from spanscore.cli._store import reading_store
from spanscore.cli._summary_json import summary_json
from spanscore.errors import NotFoundError
from spanscore.store import InputScore, SqliteStore
from spanscore.wire.summaries import ExperimentSummary

_COLUMNS = ("input", "trials", "mean", "deviation", "errored", "trace")
_NUMBERS = ("trials", "mean", "deviation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore experiments show`."""
    add_experiment(parser)
    parser.add_argument("--inputs", metavar="SCORE", help="also the inputs with the lowest SCORE")
    add_limit(parser, 20)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the figures as the eval did when it ended, what failed, and the lowest inputs if wanted."""
    with reading_store() as store:
        experiment = store.find_experiment(args.experiment)
        summary = store.summarize_experiment(experiment.id, baseline=None)
        inputs = _inputs(store, summary, args.inputs, args.limit)
        failures = [] if args.json else failures_of(store, summary, args.limit)
    if args.json:
        wanted = {} if args.inputs is None else {"inputs_of": {args.inputs: list(map(_plain, inputs))}}
        print(json_line({**summary_json(summary), **wanted}))
        return 0
    print_figures(experiment, summary, further=f"spanscore export experiment_id:{experiment.id}")
    print_failures(failures, args.limit)
    if args.inputs is not None:
        screen = console()
        screen.print()
        screen.print(Text(f"{args.inputs}: the lowest inputs", "bold"))
        screen.print(table(_COLUMNS, list(map(_cells, inputs)), numbers=_NUMBERS, flexible=["input"]))
    return 0


def _inputs(
    store: SqliteStore, summary: ExperimentSummary, score: str | None, limit: int
) -> list[InputScore]:
    if score is None:
        return []
    if score not in summary.scores:
        known = ", ".join(summary.scores) or "none"
        raise NotFoundError(f"{summary.experiment} has no score {score!r}; its scores are: {known}")
    return store.input_scores(summary.experiment_id, score, limit=limit)


def _cells(found: InputScore) -> tuple[str, ...]:
    spread = "" if found.standard_deviation is None else f"± {100 * found.standard_deviation:.2f}"
    return (
        preview(found.input),
        str(found.trials),
        percent(found.mean),
        spread,
        "yes" if found.errored else "",
        found.trace_id[:8],
    )


def _plain(found: InputScore) -> dict[str, Any]:
    return {
        "input": found.input,
        "trials": found.trials,
        "score": found.mean,
        "standard_deviation": found.standard_deviation,
        "errored": found.errored,
        "root_span_id": found.trace_id,
    }
