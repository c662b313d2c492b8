import pytest

from spanscore.evals.reporters._figures import (
    METRIC_COLUMNS,
    SCORE_COLUMNS,
    headline,
    metric_cells,
    score_cells,
    without_empty_columns,
)
from spanscore.wire.summaries import Difference, ExperimentSummary, MetricSummary, ScoreSummary

pytestmark = pytest.mark.core

PLAIN = ScoreSummary(
    name="exact",
    mean=0.625,
    scored_mean=0.625,
    standard_deviation=0.5,
    standard_error=0.0125,
    scored=8,
    skipped=0,
    errored=0,
)
FULL = ScoreSummary(
    name="judge",
    mean=0.5,
    scored_mean=2 / 3,
    standard_deviation=0.5,
    standard_error=None,
    scored=6,
    skipped=1,
    errored=2,
    difference=Difference(
        baseline_mean=0.6,
        mean=0.5,
        difference=-0.1,
        standard_error=0.02,
        pairs=7,
        improvements=1,
        regressions=3,
    ),
)
NOTHING = ScoreSummary(
    name="none",
    mean=None,
    scored_mean=None,
    standard_deviation=None,
    standard_error=None,
    scored=0,
    skipped=8,
    errored=0,
)


def test_a_score_has_a_cell_for_each_column() -> None:
    assert dict(zip(SCORE_COLUMNS, score_cells(PLAIN), strict=True)) == {
        "score": "exact",
        "mean": "62.50 %",
        "± s.e.": "± 1.25",
        "of scored": "",
        "difference": "",
        "better": "",
        "worse": "",
        "scored": "8",
        "skipped": "",
        "errored": "",
    }
    assert dict(zip(SCORE_COLUMNS, score_cells(FULL), strict=True)) == {
        "score": "judge",
        "mean": "50.00 %",
        "± s.e.": "",
        "of scored": "66.67 %",
        "difference": "-10.00 ± 2.00",
        "better": "1",
        "worse": "3",
        "scored": "6",
        "skipped": "1",
        "errored": "2",
    }
    assert score_cells(NOTHING)[:4] == ("none", "none", "", "")


METRICS = {
    "seconds": (("duration", "s", 0.1234, 12.5), ("duration", "0.123 s", "12.50 s", "")),
    "tokens": (("tokens", "tok", 120.0, 2400.0), ("tokens", "120 tok", "2400 tok", "")),
    "no unit": (("calls", "", 1.5, 3.0), ("calls", "1.50", "3", "")),
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_a_cell_for_each_column(name: str) -> None:
    (metric, unit, mean, total), cells = METRICS[name]
    summary = MetricSummary(name=metric, unit=unit, mean=mean, total=total, count=2)
    assert metric_cells(summary) == cells
    assert len(cells) == len(METRIC_COLUMNS)


def test_a_table_leaves_out_empty_columns() -> None:
    assert without_empty_columns(("a", "b", "c"), [("1", "", "2"), ("3", "", "")]) == [
        ["a", "c"],
        ["1", "2"],
        ["3", ""],
    ]


def test_the_headline_names_failures_and_the_baseline_if_there_are_some() -> None:
    def summary(**changed: object) -> ExperimentSummary:
        figures = {
            "project": "bot",
            "experiment_id": "e",
            "experiment": "main-2",
            "baseline_id": None,
            "baseline": None,
            "cases": 8,
            "errors": 0,
            "scorer_errors": 0,
            "duration_s": 1.25,
            "scores": (),
            "metrics": (),
            **changed,
        }
        return ExperimentSummary(**figures)  # type: ignore[arg-type]

    assert headline(summary()) == "bot/main-2: 8 cases, 1.2 s"
    assert headline(summary(errors=1, scorer_errors=2, baseline="main-1")) == (
        "bot/main-2: 8 cases, 1 errored, 2 scorer errors, 1.2 s, compared with main-1"
    )
