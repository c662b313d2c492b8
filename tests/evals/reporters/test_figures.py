from dataclasses import replace

import pytest

from spanscore.evals.reporters._figures import (
    COMPARISON_COLUMNS,
    METRIC_COLUMNS,
    SCORE_COLUMNS,
    comparison_cells,
    headline,
    metric_cells,
    score_cells,
    without_empty_columns,
)
from spanscore.wire.summaries import Interval, MetricSummary, ScoreSummary
from told_evals import DURATION, EXACT, JUDGE, PLAIN, RESULT

pytestmark = pytest.mark.core


def test_a_score_has_a_cell_for_each_column() -> None:
    assert dict(zip(SCORE_COLUMNS, score_cells(EXACT), strict=True)) == {
        "score": "exact",
        "mean": "62.50 %",
        "95 % interval": "30.57 to 86.32",
        "of scored": "",
        "pass@k": "75.00 % (k=2)",
        "pass^k": "50.00 % (k=2)",
        "scored": "8",
        "skipped": "",
        "errored": "",
    }
    assert score_cells(JUDGE) == (
        "judge",
        "50.00 %",
        "± 10.00 s.e.",
        "66.67 %",
        "",
        "",
        "6",
        "1",
        "1",
    )


def test_a_comparison_has_a_cell_for_each_column() -> None:
    assert EXACT.difference is not None
    assert JUDGE.difference is not None
    assert dict(zip(COMPARISON_COLUMNS, comparison_cells("exact", EXACT.difference), strict=True)) == {
        "compared": "exact",
        "before": "87.50 %",
        "now": "62.50 %",
        "difference": "-25.00",
        "95 % interval": "-45.00 to -5.00",
        "p (Holm)": "0.020",
        "verdict": "worse",
        "better": "0",
        "worse": "2",
        "same": "6",
    }
    assert comparison_cells("judge", JUDGE.difference)[3:7] == (
        "+1.00",
        "± 2.00 s.e.",
        "0.610",
        "no evidence",
    )


def test_the_p_that_is_told_is_the_corrected_one_and_is_called_so() -> None:
    assert EXACT.difference is not None
    corrected = replace(EXACT.difference, p_value=0.03, adjusted_p=0.06, verdict="no evidence")
    cells = dict(zip(COMPARISON_COLUMNS, comparison_cells("exact", corrected), strict=True))
    assert {"p (Holm)": "0.060", "verdict": "no evidence"}.items() <= cells.items()
    metric = dict(zip(METRIC_COLUMNS, metric_cells(replace(DURATION, difference=corrected)), strict=True))
    assert metric["p (Holm)"] == "0.060"
    assert "p" not in {*COMPARISON_COLUMNS, *METRIC_COLUMNS}


METRICS = {
    "seconds": (("duration", "s", 0.1234, 12.5), ("duration", "0.123 s", "12.50 s", "", "", "", "")),
    "tokens": (("tokens", "tok", 120.0, 2400.0), ("tokens", "120 tok", "2400 tok", "", "", "", "")),
    "no unit": (("calls", "", 1.5, 3.0), ("calls", "1.50", "3", "", "", "", "")),
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_has_a_cell_for_each_column(name: str) -> None:
    (metric, unit, mean, total), cells = METRICS[name]
    summary = MetricSummary(name=metric, unit=unit, mean=mean, total=total, count=2)
    assert metric_cells(summary) == cells
    assert len(cells) == len(METRIC_COLUMNS)


def test_a_metric_has_its_difference() -> None:
    assert metric_cells(DURATION) == (
        "duration",
        "0.123 s",
        "0.987 s",
        "0.100 s",
        "+0.0234 s",
        "0.003 to 0.044",
        "< 0.001",
    )


def test_a_table_leaves_out_empty_columns() -> None:
    assert without_empty_columns(("a", "b", "c"), [("1", "", "2"), ("3", "", "")]) == [
        ["a", "c"],
        ["1", "2"],
        ["3", ""],
    ]
    assert without_empty_columns(("a",), []) == []


def test_the_headline_names_failures_and_the_baseline_if_there_are_some() -> None:
    assert headline(PLAIN.summary) == "bot/main-2: 8 cases, 1.2 s"
    assert headline(RESULT.summary) == (
        "bot/main-2: 8 cases, 1 errored, 1 scorer error, 1.2 s, compared with main-1"
    )


def test_a_score_of_the_whole_experiment_has_no_cases_to_count() -> None:
    whole = ScoreSummary.of_whole("f1", 0.5, 0.75)
    assert score_cells(whole) == ("f1", "50.00 %", "", "", "", "", "", "", "")
    assert whole.difference is not None
    assert comparison_cells("f1", whole.difference) == (
        *("f1", "75.00 %", "50.00 %", "-25.00"),
        *("", "", "", "", "", ""),
    )


def test_small_quantities_keep_their_figures() -> None:
    """A call may cost a hundredth of a cent."""
    assert JUDGE.difference is not None
    interval = Interval(low=-0.0000456, high=0.00031, method="t")
    compared = replace(JUDGE.difference, difference=-0.000123, interval=interval)
    cost = MetricSummary(
        name="estimated_cost", unit="$", mean=0.000215, total=0.0086, count=40, difference=compared
    )
    assert metric_cells(replace(cost, baseline_mean=0.000338)) == (
        *("estimated_cost", "0.000215 $", "0.0086 $", "0.000338 $", "-0.000123 $"),
        *("-4.56e-05 to 0.00031", "0.610"),
    )
