"""The figures of an experiment as texts: one row of cells for each score and each measured quantity."""

from spanscore.wire.summaries import Difference, ExperimentSummary, MetricSummary, ScoreSummary

SCORE_COLUMNS = (
    "score",
    "mean",
    "± s.e.",
    "of scored",
    "difference",
    "better",
    "worse",
    "scored",
    "skipped",
    "errored",
)
METRIC_COLUMNS = ("metric", "mean", "total", "baseline")


def score_cells(score: ScoreSummary) -> tuple[str, ...]:
    """The cells of one score under SCORE_COLUMNS; "" where there is nothing to say.

    The mean over what was scored is there only if it differs from the headline mean.
    """
    differs = score.scored_mean is not None and score.scored_mean != score.mean
    return (
        score.name,
        _percent(score.mean),
        "" if score.standard_error is None else f"± {100 * score.standard_error:.2f}",
        _percent(score.scored_mean) if differs else "",
        *_difference_cells(score.difference),
        str(score.scored),
        str(score.skipped) if score.skipped else "",
        str(score.errored) if score.errored else "",
    )


def metric_cells(metric: MetricSummary) -> tuple[str, ...]:
    """The cells of one measured quantity under METRIC_COLUMNS."""
    baseline = "" if metric.baseline_mean is None else _quantity(metric.baseline_mean, metric.unit)
    mean, total = _quantity(metric.mean, metric.unit), _quantity(metric.total, metric.unit)
    return (metric.name, mean, total, baseline)


def headline(summary: ExperimentSummary) -> str:
    """One line: what ran, how many cases, how many of them failed, against what it is compared."""
    parts = [f"{summary.cases} cases", f"{summary.duration_s:.1f} s"]
    if summary.errors:
        parts.insert(1, f"{summary.errors} errored")
    if summary.scorer_errors:
        parts.insert(-1, f"{summary.scorer_errors} scorer errors")
    if summary.baseline is not None:
        parts.append(f"compared with {summary.baseline}")
    return f"{summary.project}/{summary.experiment}: {', '.join(parts)}"


def without_empty_columns(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[list[str]]:
    """The header and the rows as a table that leaves out columns without a cell."""
    kept = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    return [[row[index] for index in kept] for row in [columns, *rows]]


def _difference_cells(difference: Difference | None) -> tuple[str, str, str]:
    if difference is None:
        return "", "", ""
    margin = "" if difference.standard_error is None else f" ± {100 * difference.standard_error:.2f}"
    return (
        f"{100 * difference.difference:+.2f}{margin}",
        str(difference.improvements),
        str(difference.regressions),
    )


def _percent(mean: float | None) -> str:
    return "none" if mean is None else f"{100 * mean:.2f} %"


def _quantity(value: float, unit: str) -> str:
    digits = f"{value:.0f}" if value == int(value) else f"{value:.3f}" if value < 1 else f"{value:.2f}"
    return f"{digits} {unit}".rstrip()
