"""`spanscore gate`: whether a stored experiment passes."""

import argparse
import sys
from pathlib import Path

from spanscore.cli._arguments import add_experiment, add_json
from spanscore.cli._output import json_line
from spanscore.cli._store import reading_store
from spanscore.errors import ConfigError
from spanscore.evals._project_gates import project_gates
from spanscore.evals.gates import Gate, concerns, failed_gates, open_gates, parse_gates

_FAILED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `spanscore gate`."""
    add_experiment(parser)
    parser.add_argument("--baseline", metavar="BASE", help="compare with this experiment")
    add_gates(parser)
    add_json(parser)
    parser.epilog = (
        "Beside these the gates of [tool.spanscore.gates] in pyproject.toml hold: fail_if = [...] and "
        "fail_on_regression = [...]. Exit code: 0 it passes, 3 it does not."
    )


def add_gates(parser: argparse.ArgumentParser) -> None:
    """`--fail-if` and `--fail-on-regression`: what must not be."""
    condition = "fail if a score, metric or count stands so: 'accuracy < 0.9', 'errors > 0'"
    parser.add_argument("--fail-if", metavar="CONDITION", action="append", default=[], help=condition)
    fall = "fail if it is sure, with CONFIDENCE %%, to have fallen by more than MARGIN (accuracy:0.02@95)"
    shape = "SCORE[:MARGIN][@CONFIDENCE]"
    parser.add_argument("--fail-on-regression", metavar=shape, action="append", default=[], help=fall)


def run(args: argparse.Namespace) -> int:
    """Print the reasons for which the experiment does not pass, if there are any."""
    project, asked = project_gates(Path.cwd()), parse_gates(args.fail_if, args.fail_on_regression)
    if not project and not asked:
        raise ConfigError("no gates; give --fail-if or --fail-on-regression, or write them to pyproject.toml")
    with reading_store() as store:
        experiment = store.find_experiment(args.experiment)
        baseline = args.baseline and store.find_experiment(args.baseline, project=experiment.project).id
        summary = store.summarize_experiment(experiment.id, baseline=baseline)
    # A project's gates are for all of its evals; of an experiment with none of their figures that is said.
    known = tuple(gate for gate in project if concerns(gate, summary))
    gates = (*(known if known or asked else project), *asked)
    reasons, undecided = failed_gates(gates, summary), open_gates(gates, summary)
    if args.json:
        print(json_line({"passed": not reasons, "reasons": reasons, "undecided": undecided}))
    else:
        _print(f"{experiment.project}/{experiment.name}", gates, reasons, undecided)
    return _FAILED if reasons else 0


def _print(name: str, gates: tuple[Gate, ...], reasons: list[str], undecided: list[str]) -> None:
    for text in undecided:
        print(text, file=sys.stderr)
    passed = len(gates) - len(reasons)
    print(f"{name} {'fails' if reasons else 'passes'}: {passed} of {len(gates)} gates hold")
    for reason in reasons:
        print(f"  {reason}")
