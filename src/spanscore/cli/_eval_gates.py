"""The gates of a run of eval files."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spanscore.errors import ConfigError
from spanscore.evals import EndedEval
from spanscore.evals._project_gates import project_gates
from spanscore.evals.gates import Gate, failed_gates, open_gates, parse_gates


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What the evals must pass: `asked` for by flags, and kept by the `project` in its pyproject.toml."""

    asked: Sequence[Gate]
    project: Sequence[Gate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the gates say, in words.

    `unmet` has the reasons of each eval, in the order of the evals; `undecided` is what could not be compared
    and passes; `unknown` is asked for by flags, and none of the evals has it.
    """

    unmet: list[list[str]] = field(default_factory=list[list[str]])
    undecided: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])


def read_gates(args: argparse.Namespace) -> Gates:
    """The gates of the arguments and of the project. Raises ConfigError for what is none."""
    asked = parse_gates(args.fail_if, args.fail_on_regression)
    return Gates(asked=asked, project=project_gates(Path.cwd()))


def check_gates(gates: Gates, evals: Sequence[EndedEval]) -> Checked:
    """Check each gate on each eval that has what it names."""
    checked = Checked(unmet=[[] for _ in evals])
    for gate in (*gates.asked, *gates.project):
        pairs = zip(evals, checked.unmet, strict=True)
        trouble = [_check(gate, ended, reasons, checked) for ended, reasons in pairs]
        if gate in gates.asked and trouble and all(trouble):
            checked.unknown.append(str(trouble[0]))
    return checked


def _check(gate: Gate, ended: EndedEval, reasons: list[str], checked: Checked) -> ConfigError | None:
    """Note what the gate says of the eval; the error if the eval has nothing of that name."""
    summary = ended.result.summary
    try:
        reasons += failed_gates([gate], summary)
    except ConfigError as error:
        return error
    name = f"{summary.project}/{summary.experiment}"
    checked.undecided.extend(f"{name}: {text}" for text in open_gates([gate], summary))
    return None
