"""`spanscore experiments compare`: one experiment against another."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from spanscore._counted import counted
from spanscore.cli._arguments import add_experiment, add_json, add_limit
from spanscore.cli._figures import print_figures
from spanscore.cli._format import one_line, percent, points, preview
from spanscore.cli._output import console, json_line, table
from spanscore.cli._store import reading_store
from spanscore.cli._summary_json import summary_json
from spanscore.errors import NotFoundError
from spanscore.store import CaseChange, SqliteStore, UnmatchedInput
from spanscore.wire.seams import ExperimentRef

_COLUMNS = ("input", "before", "now", "change", "base trace", "trace")
_NUMBERS = ("before", "now", "change")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore experiments compare`."""
    add_experiment(parser)
    by_default = "what to compare with (default: what it was run against, else the latest earlier whole one)"
    parser.add_argument("baseline", metavar="BASE", nargs="?", help=by_default)
    add_limit(parser, 5)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the figures, then for each score the cases that changed most, regressions first."""
    with reading_store() as store:
        experiment = store.find_experiment(args.experiment)
        summary = store.summarize_experiment(experiment.id, baseline=_baseline(store, args, experiment))
        if summary.baseline_id is None:
            raise NotFoundError(
                f"{experiment.project} has nothing before {experiment.name} to compare it with; "
                "name an experiment"
            )
        compared = {score.name: score.difference for score in summary.scores.values()}
        # A score of the whole experiment has no inputs that could have changed.
        names = [name for name, difference in compared.items() if difference and difference.pairs]
        changes = store.largest_changes(experiment.id, summary.baseline_id, names, limit=args.limit)
        alone = store.unmatched_inputs(experiment.id, summary.baseline_id, limit=args.limit)
    if args.json:
        plain = {name: list(map(_plain, cases)) for name, cases in changes.items()}
        only = dict(
            zip(("here", "in_comparison"), (list(map(_plain_alone, side)) for side in alone), strict=True)
        )
        print(json_line({**summary_json(summary), "changes": plain, "only": only}))
    else:
        print_figures(experiment, summary, further=store.permalink(experiment))
        _print_changes(changes)
        _print_alone(experiment.name, summary.only_here, alone[0])
        _print_alone(summary.baseline or "", summary.only_in_baseline, alone[1])
        console().print(Text("\nLook into one: spanscore trace TRACE", "dim"))
    return 0


def _baseline(store: SqliteStore, args: argparse.Namespace, experiment: ExperimentRef) -> str | None:
    if args.baseline is None:
        return None
    return store.find_experiment(args.baseline, project=experiment.project).id


def _print_changes(changes: Mapping[str, Sequence[CaseChange]]) -> None:
    screen = console()
    for score, cases in changes.items():
        screen.print()
        screen.print(Text(f"{score}: the largest changes" if cases else f"{score}: no changes", "bold"))
        if cases:
            screen.print(
                table(_COLUMNS, [_cells(each) for each in cases], numbers=_NUMBERS, flexible=["input"])
            )


def _print_alone(name: str, count: int, inputs: Sequence[UnmatchedInput]) -> None:
    """The inputs that one of the two experiments has alone, which no difference is over."""
    if not inputs:
        return
    screen = console()
    shown = "" if count == len(inputs) else f", of which {len(inputs):,} are shown"
    screen.print()
    screen.print(Text(f"in {one_line(name)} alone: {counted(count, 'input')}{shown}", "bold"))
    rows = [
        (preview(each.input), str(each.cases), str(each.errors or ""), each.trace_id[:8]) for each in inputs
    ]
    columns = ("input", "cases", "errors", "trace")
    screen.print(table(columns, rows, numbers=("cases", "errors"), flexible=["input"]))


def _cells(change: CaseChange) -> tuple[str | Text, ...]:
    difference = change.value - change.baseline_value
    return (
        preview(change.input),
        _value(change.baseline_value, is_error=change.baseline_errored),
        _value(change.value, is_error=change.errored),
        Text(points(difference), "red" if difference < 0 else "green"),
        change.baseline_trace_id[:8],
        change.trace_id[:8],
    )


def _value(value: float, *, is_error: bool) -> str:
    return f"{percent(value)} (error)" if is_error else percent(value)


def _plain_alone(unmatched: UnmatchedInput) -> dict[str, Any]:
    return {
        "input": unmatched.input,
        "cases": unmatched.cases,
        "errors": unmatched.errors,
        "root_span_id": unmatched.trace_id,
    }


def _plain(change: CaseChange) -> dict[str, Any]:
    return {
        "input": change.input,
        "comparison_score": change.baseline_value,
        "score": change.value,
        "diff": change.value - change.baseline_value,
        "comparison_root_span_id": change.baseline_trace_id,
        "root_span_id": change.trace_id,
        "comparison_errored": change.baseline_errored,
        "errored": change.errored,
    }
