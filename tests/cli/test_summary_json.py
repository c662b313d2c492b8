"""The figures of an experiment for programs."""

import pytest

from spanscore.cli._summary_json import summary_json
from spanscore.wire.summaries import Difference, ExperimentSummary, MetricSummary, ScoreSummary, by_name

pytestmark = pytest.mark.core

SCORE = ScoreSummary(
    name="exact",
    mean=0.5,
    scored_mean=1.0,
    standard_deviation=0.7,
    standard_error=0.5,
    scored=1,
    skipped=2,
    errored=1,
)
DIFFERENCE = Difference(
    baseline_mean=0.75, mean=0.5, difference=-0.25, standard_error=0.1, pairs=4, improvements=1, regressions=2
)
COMPARED = ScoreSummary(
    name="brief",
    mean=0.5,
    scored_mean=0.5,
    standard_deviation=None,
    standard_error=None,
    scored=4,
    skipped=0,
    errored=0,
    difference=DIFFERENCE,
)
SUMMARY = ExperimentSummary(
    project="greetings",
    experiment_id="e-2",
    experiment="second",
    baseline_id="e-1",
    baseline="first",
    cases=4,
    errors=1,
    scorer_errors=0,
    duration_s=0.25,
    scores=by_name((SCORE, COMPARED)),
    metrics=by_name(
        (MetricSummary(name="duration", unit="s", mean=0.1, total=0.4, count=4, baseline_mean=0.2),)
    ),
)


def test_the_whole_object() -> None:
    assert summary_json(SUMMARY) == {
        "project_name": "greetings",
        "experiment_id": "e-2",
        "experiment_name": "second",
        "comparison_experiment_id": "e-1",
        "comparison_experiment_name": "first",
        "cases": 4,
        "errors": 1,
        "scorer_errors": 0,
        "duration_s": 0.25,
        "scores": {
            "exact": {
                "name": "exact",
                "score": 0.5,
                "scored_mean": 1.0,
                "standard_deviation": 0.7,
                "standard_error": 0.5,
                "scored": 1,
                "skipped": 2,
                "errored": 1,
                "diff": None,
                "diff_standard_error": None,
                "pairs": None,
                "improvements": None,
                "regressions": None,
            },
            "brief": {
                "name": "brief",
                "score": 0.5,
                "scored_mean": 0.5,
                "standard_deviation": None,
                "standard_error": None,
                "scored": 4,
                "skipped": 0,
                "errored": 0,
                "diff": -0.25,
                "diff_standard_error": 0.1,
                "pairs": 4,
                "improvements": 1,
                "regressions": 2,
            },
        },
        "metrics": {
            "duration": {
                "name": "duration",
                "metric": 0.1,
                "unit": "s",
                "total": 0.4,
                "count": 4,
                "comparison_metric": 0.2,
            }
        },
    }
