"""The figures of an experiment as plain objects, under Braintrust's names where it has them."""

from typing import Any

from spanscore.wire.summaries import ExperimentSummary, MetricSummary, ScoreSummary


def summary_json(summary: ExperimentSummary) -> dict[str, Any]:
    """An experiment's figures; `score`, `diff`, `improvements` and `regressions` mean what they do there."""
    return {
        "project_name": summary.project,
        "experiment_id": summary.experiment_id,
        "experiment_name": summary.experiment,
        "comparison_experiment_id": summary.baseline_id,
        "comparison_experiment_name": summary.baseline,
        "cases": summary.cases,
        "errors": summary.errors,
        "scorer_errors": summary.scorer_errors,
        "duration_s": summary.duration_s,
        "scores": {score.name: _score(score) for score in summary.scores.values()},
        "metrics": {metric.name: _metric(metric) for metric in summary.metrics.values()},
    }


def _score(score: ScoreSummary) -> dict[str, Any]:
    difference = score.difference
    return {
        "name": score.name,
        "score": score.mean,
        "scored_mean": score.scored_mean,
        "standard_deviation": score.standard_deviation,
        "standard_error": score.standard_error,
        "scored": score.scored,
        "skipped": score.skipped,
        "errored": score.errored,
        "diff": difference and difference.difference,
        "diff_standard_error": difference and difference.standard_error,
        "pairs": difference and difference.pairs,
        "improvements": difference and difference.improvements,
        "regressions": difference and difference.regressions,
    }


def _metric(metric: MetricSummary) -> dict[str, Any]:
    return {
        "name": metric.name,
        "metric": metric.mean,
        "unit": metric.unit,
        "total": metric.total,
        "count": metric.count,
        "comparison_metric": metric.baseline_mean,
    }
