"""The short form of the fault suite: few spans, the quick scenarios, the same expectations."""

from dataclasses import replace
from pathlib import Path

import pytest
from faults.catalogue import SCENARIOS
from faults.harness import Run
from faults.kills import SHORT_KILLS, kills
from faults.scenario import SHORT, Place, Scenario
from faults.suite import run_one
from faults.table import failures

SHORT_FORM = [*(scenario for scenario in SCENARIOS if scenario.is_short), kills(SHORT_KILLS)]

DOES_NOT_HANG_S = 15.0
"""How long an interpreter may end here; `make faults` has the promise itself."""


@pytest.mark.parametrize("scenario", SHORT_FORM, ids=lambda scenario: scenario.name)
def test_what_is_promised_holds(scenario: Scenario, tmp_path: Path) -> None:
    outcome = run_one(Run(scenario=scenario, size=SHORT, folder=tmp_path))
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert failures(outcome, scenario, end_s=DOES_NOT_HANG_S) == [], outcome.log


def test_a_loss_is_seen(tmp_path: Path) -> None:
    """The suite itself must be able to fail: the bare SDK loses what `os._exit` finds in its queue."""
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == "os._exit")
    outcome = run_one(Run(scenario=scenario, size=SHORT, folder=tmp_path, is_bare=True))
    assert failures(outcome, scenario) == [f"{outcome.marked} spans lost"]


def test_a_hang_is_seen(tmp_path: Path) -> None:
    """A program that does not end is killed, with all it has started, and counted."""
    endless = Scenario(name="endless", program=("late", "never"), place=Place.LOCAL, patience_s=1.0)
    outcome = run_one(Run(scenario=replace(endless, spans=20), size=SHORT, folder=tmp_path))
    assert outcome.hangs == 1
    assert "1 processes hung" in failures(outcome, endless)
