"""The figures of an experiment as texts: one row of cells for each score and each measured quantity."""

from spanscore._counted import counted
from spanscore.evals.reporters._text import SMALL, percent, points, probability, quantity, signed_quantity
from spanscore.wire.summaries import Difference, ExperimentSummary, Interval, MetricSummary, ScoreSummary

P_TITLE = "p (Holm)"
"""Corrected for all that is compared at once, unlike the interval beside it; the verdict follows from it."""

SCORE_COLUMNS = (
    "score",
    "mean",
    "95 % interval",
    "of scored",
    "pass@k",
    "pass^k",
    "scored",
    "skipped",
    "errored",
)
COMPARISON_COLUMNS = (
    "compared",
    "before",
    "now",
    "difference",
    "95 % interval",
    P_TITLE,
    "verdict",
    "better",
    "worse",
    "same",
)
METRIC_COLUMNS = ("metric", "mean", "total", "baseline", "difference", "95 % interval", P_TITLE)


def score_cells(score: ScoreSummary) -> tuple[str, ...]:
    """The cells of one score under SCORE_COLUMNS; "" where there is nothing to say.

    The mean over what was scored is there only if it differs from the headline mean; where there is no
    interval its place has the standard error.
    """
    differs = score.scored_mean is not None and score.scored_mean != score.mean
    return (
        score.name,
        percent(score.mean),
        _interval(score.interval) or _margin(score.standard_error),
        percent(score.scored_mean) if differs else "",
        *_trial_cells(score),
        "" if score.is_whole else str(score.scored),
        str(score.skipped) if score.skipped else "",
        str(score.errored) if score.errored else "",
    )


def comparison_cells(name: str, found: Difference) -> tuple[str, ...]:
    """The cells of one score's comparison under COMPARISON_COLUMNS; the difference is in percentage points.

    Both means are over the inputs that both experiments have; a score of whole experiments has none to count.
    """
    counts = (found.improvements, found.regressions, found.ties) if found.pairs else ()
    return (
        name,
        percent(found.baseline_mean),
        percent(found.mean),
        points(found.difference),
        _interval(found.interval) or _margin(found.standard_error),
        probability(_p(found)),
        "" if found.test is None else found.verdict,
        *(map(str, counts) if counts else ("", "", "")),
    )


def metric_cells(metric: MetricSummary) -> tuple[str, ...]:
    """The cells of one measured quantity under METRIC_COLUMNS."""
    found = metric.difference
    return (
        metric.name,
        quantity(metric.mean, metric.unit),
        quantity(metric.total, metric.unit),
        "" if metric.baseline_mean is None else quantity(metric.baseline_mean, metric.unit),
        "" if found is None else signed_quantity(found.difference, metric.unit),
        "" if found is None or found.interval is None else _between_quantities(found.interval),
        "" if found is None else probability(_p(found)),
    )


def headline(summary: ExperimentSummary) -> str:
    """One line: what ran, how many cases, how many of them failed, against what it is compared."""
    parts = [counted(summary.cases, "case"), f"{summary.duration_s:.1f} s"]
    if summary.errors:
        parts.insert(1, f"{summary.errors} errored")
    if summary.scorer_errors:
        parts.insert(-1, counted(summary.scorer_errors, "scorer error"))
    if summary.baseline is not None:
        parts.append(f"compared with {summary.baseline}")
    return f"{summary.project}/{summary.experiment}: {', '.join(parts)}"


def without_empty_columns(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[list[str]]:
    """The header and the rows as a table that leaves out columns without a cell; nothing without rows."""
    if not rows:
        return []
    kept = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    return [[row[index] for index in kept] for row in [columns, *rows]]


def _trial_cells(score: ScoreSummary) -> tuple[str, str]:
    trials = score.trials
    if trials is None:
        return "", ""
    return tuple(  # pyright: ignore[reportReturnType] - it is two
        "" if share is None else f"{percent(share)} (k={trials.k})"
        for share in (trials.pass_at_k, trials.pass_hat_k)
    )


def _p(difference: Difference) -> float | None:
    return difference.p_value if difference.adjusted_p is None else difference.adjusted_p


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else _between(interval, 100, ".2f")


def _between(interval: Interval, scale: int, form: str) -> str:
    # Adding 0 makes 0 of a -0 that is left by rounding.
    low, high = (round(scale * bound, 3) + 0.0 for bound in (interval.low, interval.high))
    return f"{low:{form}} to {high:{form}}"


def _between_quantities(interval: Interval) -> str:
    if max(abs(interval.low), abs(interval.high)) >= SMALL:
        return _between(interval, 1, ".3f")
    return f"{interval.low + 0.0:.3g} to {interval.high + 0.0:.3g}"


def _margin(standard_error: float | None) -> str:
    return "" if standard_error is None else f"± {100 * standard_error:.2f} s.e."
