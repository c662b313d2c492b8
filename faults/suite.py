"""Runs many scenarios, the bare SDK beside those that have a baseline, and says what did not hold."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faults.harness import Run, run_scenario
from faults.keys import run_two_keys
from faults.scenario import Outcome, Scenario, Size
from faults.table import failures


@dataclass(slots=True, kw_only=True)
class Results:
    """What came of the scenarios, and of those with a baseline by the bare OpenTelemetry SDK."""

    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    baselines: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    is_broken: bool = False


def run_one(run: Run) -> Outcome:
    """Run a scenario the way it wants to be run."""
    return run_two_keys(run) if run.scenario.is_for_two_keys else run_scenario(run)


def run_all(scenarios: Sequence[Scenario], size: Size, folder: Path, *, with_baseline: bool) -> Results:
    """Run one after the other, each in a folder of its own, telling as it goes."""
    results = Results()
    for number, scenario in enumerate(scenarios):
        run = Run(scenario=scenario, size=size, folder=folder / str(number))
        outcome = run_one(run)
        results.outcomes.append(outcome)
        results.is_broken |= _tell(outcome, scenario, run.folder)
        if scenario.has_baseline and with_baseline:
            bare = run_one(Run(scenario=scenario, size=size, folder=run.folder / "bare", is_bare=True))
            results.baselines[scenario.name] = bare
            _say(f"       bare OpenTelemetry: {_counts(bare)}")
    return results


def _tell(outcome: Outcome, scenario: Scenario, folder: Path) -> bool:
    """Print a line about the outcome; whether something did not hold."""
    found = [] if outcome.skipped else failures(outcome, scenario)
    said = f"not run: {outcome.skipped}" if outcome.skipped else _counts(outcome)
    _say(f"{'BROKEN' if found else 'ok':<7}{scenario.name}: {said}")
    for failure in found:
        _say(f"       {failure}  (see {folder})")
    return bool(found)


def _counts(outcome: Outcome) -> str:
    end = "" if outcome.end_s is None else f", end {outcome.end_s:.2f} s"
    return f"{outcome.marked:,} made, {outcome.lost:,} lost, {outcome.twice_sent:,} sent twice{end}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
