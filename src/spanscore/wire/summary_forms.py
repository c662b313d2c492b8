"""A summary as plain objects and as text, both in the official SDK's form."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spanscore.wire.summaries import ExperimentSummary, MetricSummary, ScoreSummary


def summary_dict(summary: "ExperimentSummary") -> dict[str, Any]:
    """The summary under the official SDK's keys; figures that are ours alone are left out."""
    scores = {score.name: _score(score) for score in summary.scores.values()}
    metrics = {metric.name: _metric(metric) for metric in summary.metrics.values()}
    computed = {"scores": scores, "metrics": metrics, "status": "success"}
    skipped = {"reason": summary.skipped, "status": "skipped"}
    return {
        "project_name": summary.project,
        "project_id": summary.project_id,
        "experiment_id": summary.experiment_id,
        "experiment_name": summary.experiment,
        "project_url": summary.project_url,
        "experiment_url": summary.experiment_url,
        "comparison_experiment_name": summary.baseline,
        "comparison": computed if summary.skipped is None else skipped,
        "scores": scores,
        "metrics": metrics,
    }


def _score(score: "ScoreSummary") -> dict[str, Any]:
    return {
        "name": score.name,
        "score": score.score,
        "improvements": score.improvements,
        "regressions": score.regressions,
        "diff": score.diff,
    }


def _metric(metric: "MetricSummary") -> dict[str, Any]:
    return {
        "name": metric.name,
        "metric": metric.metric,
        "unit": metric.unit,
        "improvements": metric.improvements,
        "regressions": metric.regressions,
        "diff": metric.diff,
    }


def summary_text(summary: "ExperimentSummary") -> str:
    """The summary as the official SDK prints it."""
    return "\n".join(_lines(summary))


def _lines(summary: "ExperimentSummary") -> Iterator[str]:
    yield f"\n{'=' * 25}SUMMARY{'=' * 25}"
    if summary.baseline is not None:
        yield f"{summary.experiment} compared to {summary.baseline}:"
    width = max(map(len, summary.scores), default=0) + 2
    yield from (_score_line(score, width) for score in summary.scores.values())
    if summary.metrics:
        yield ""
    width = max(map(len, summary.metrics), default=0) + 2
    yield from (_metric_line(metric, width) for metric in summary.metrics.values())
    if summary.experiment_url is not None:
        yield f"\nSee results for {summary.experiment} at {summary.experiment_url}"


def _score_line(score: "ScoreSummary", width: int) -> str:
    mean = "none" if score.mean is None else f"{100 * score.mean:05.2f}%"
    name = f"'{score.name}'".ljust(width)
    if score.diff is None:
        return f"{mean} {name} score"
    return f"{mean} ({_change(score.diff)}) {name} score\t{_counts(score)}"


def _metric_line(metric: "MetricSummary", width: int) -> str:
    number = f"{metric.mean:.{0 if metric.mean == int(metric.mean) else 2}f}"
    if metric.diff is None:
        return f"{number}{metric.unit} {metric.name}"
    name = f"'{metric.name}'".ljust(width)
    return f"{number}{metric.unit} ({_change(metric.diff)}) {name}\t{_counts(metric)}"


def _change(diff: float) -> str:
    return "-" if diff == 0 else f"{'+' if diff > 0 else '-'}{100 * abs(diff):05.2f}%"


def _counts(figure: "ScoreSummary | MetricSummary") -> str:
    return f"({figure.improvements} improvements, {figure.regressions} regressions)"
