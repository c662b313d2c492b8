"""The figures of an experiment as plain objects, under Braintrust's names where it has them."""

from dataclasses import asdict
from typing import Any

from spanscore.wire.summaries import Difference, ExperimentSummary, Interval, MetricSummary, ScoreSummary


def summary_json(summary: ExperimentSummary) -> dict[str, Any]:
    """An experiment's figures; `score`, `diff`, `improvements` and `regressions` mean what they do there."""
    return {
        "project_name": summary.project,
        "project_id": summary.project_id,
        "experiment_id": summary.experiment_id,
        "experiment_name": summary.experiment,
        "experiment_url": summary.experiment_url,
        "comparison_experiment_id": summary.baseline_id,
        "comparison_experiment_name": summary.baseline,
        "partial": summary.partial,
        "cases": summary.cases,
        "errors": summary.errors,
        "scorer_errors": summary.scorer_errors,
        "duration_s": summary.duration_s,
        "inputs": summary.inputs,
        "matched": summary.matched,
        "only_here": summary.only_here,
        "only_in_comparison": summary.only_in_baseline,
        "comparison_errors": summary.baseline_errors,
        "scores": {score.name: _score(score) for score in summary.scores.values()},
        "metrics": {metric.name: _metric(metric) for metric in summary.metrics.values()},
        "classifications": {name: dict(labels) for name, labels in summary.classifications.items()},
    }


def _score(score: ScoreSummary) -> dict[str, Any]:
    return {
        "name": score.name,
        "score": score.mean,
        "scored_mean": score.scored_mean,
        "standard_deviation": score.standard_deviation,
        "standard_error": score.standard_error,
        "interval": _interval(score.interval),
        "clusters": score.clusters,
        "trials": None if score.trials is None else asdict(score.trials),
        "scored": score.scored,
        "skipped": score.skipped,
        "errored": score.errored,
        "whole": score.is_whole,
        "diff": score.difference and score.difference.difference,
        **_difference(score.difference),
    }


def _metric(metric: MetricSummary) -> dict[str, Any]:
    return {
        "name": metric.name,
        "metric": metric.mean,
        "unit": metric.unit,
        "total": metric.total,
        "count": metric.count,
        "standard_deviation": metric.standard_deviation,
        "standard_error": metric.standard_error,
        "interval": _interval(metric.interval),
        "comparison_metric": metric.baseline_mean,
        # Relative to the baseline, as Braintrust has it of metrics.
        "diff": metric.diff,
        "diff_absolute": metric.difference and metric.difference.difference,
        **_difference(metric.difference),
    }


def _difference(found: Difference | None) -> dict[str, Any]:
    """The comparison, over the inputs that both experiments have; every name is there without one, too."""
    return {
        "comparison_mean": found and found.baseline_mean,
        "mean_of_compared": found and found.mean,
        "diff_standard_error": found and found.standard_error,
        "diff_interval": None if found is None else _interval(found.interval),
        "test": found and found.test,
        "p_value": found and found.p_value,
        "adjusted_p": found and found.adjusted_p,
        "verdict": found and found.verdict,
        "smallest_detectable": found and found.smallest_detectable,
        "pairs": found and found.pairs,
        "improvements": found and found.improvements,
        "regressions": found and found.regressions,
        "ties": found and found.ties,
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    return None if interval is None else asdict(interval)
