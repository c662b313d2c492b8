"""The figures of an experiment on the screen."""

import pytest

from spanscore.cli._figures import print_figures
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary, by_name

pytestmark = pytest.mark.core

EXPERIMENT = ExperimentRef(id="e-1", name="first", project_id="p-1", project="greetings", created_ns=0)
SCORE = ScoreSummary(
    name="exact",
    mean=0.5,
    scored_mean=0.5,
    standard_deviation=0.5,
    standard_error=0.25,
    scored=4,
    skipped=0,
    errored=0,
)
SUMMARY = ExperimentSummary(
    project="greetings",
    experiment_id="e-1",
    experiment="first",
    baseline_id=None,
    baseline=None,
    cases=4,
    errors=0,
    scorer_errors=0,
    duration_s=0.2,
    scores=by_name((SCORE,)),
    metrics={},
)


def test_figures_are_shown_as_an_eval_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures(EXPERIMENT, SUMMARY, further="spanscore trace TRACE")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "greetings/first: 4 cases, 0.2 s"
    assert lines[1].split()[:2] == ["score", "mean"]
    assert lines[2].split()[:3] == ["exact", "50.00", "%"]
    assert lines[-1] == "see spanscore trace TRACE"
