"""The eval of time zones: its data is as its README says, and neither version is perfect."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest

pytestmark = pytest.mark.core

FOLDER = Path(__file__).parents[2] / "examples" / "time_zones"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What `spanscore eval` says of the folder, in a home of its own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPANSCORE_HOME", str(tmp_path_factory.mktemp("home")))
        done = subprocess.run(
            [sys.executable, "-m", "spanscore", "eval", FOLDER, "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_both_versions_run_over_all_places_without_an_error(figures: list[dict[str, Any]]) -> None:
    names = ("experiment_name", "comparison_experiment_name", "cases", "errors", "scorer_errors")
    assert [[each[name] for name in names] for each in figures] == [
        ["meridians", None, 418, 0, 0],
        ["neighbours", "meridians", 418, 0, 0],
    ]


def test_neither_version_is_perfect_and_the_second_is_better(figures: list[dict[str, Any]]) -> None:
    exact = [each["scores"]["exact"] for each in figures]

    assert [round(each["score"] * 418) for each in exact] == [234, 250]
    assert exact[1]["improvements"] - exact[1]["regressions"] == 16
    assert exact[1]["regressions"] > 0


@pytest.mark.skipif(not available_timezones(), reason="the tz database is not on this machine")
def test_the_data_set_is_made_by_the_script_beside_it(tmp_path: Path) -> None:
    table = tmp_path / "zone.tab"
    table.write_text(
        "# comment\nFR\t+4852+00220\tEurope/Paris\n"
        "US\t+404251-0740023\tAmerica/New_York\tEastern (most areas)\nNP\t+2743+08519\tAsia/Kathmandu\n"
    )

    made = subprocess.run(
        [sys.executable, FOLDER / "make_places.py", table], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert set(made) <= set((FOLDER / "places.jsonl").read_text().splitlines())
    assert json.loads(made[1]) == {
        "input": {"latitude": 40.71, "longitude": -74.01},
        "expected": -5.0,
        "metadata": {"zone": "America/New_York", "country": "US"},
        "tags": ["america"],
    }
