"""The figures of an experiment that nobody stores, as its cases finish."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from spanscore.evals._options import ErrorRule
from spanscore.evals._result import EvalResult
from spanscore.statistics import NO_CLUSTER, Estimate, RunningSample
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, Interval, MetricSummary, ScoreSummary

_UNITS: Final = {"duration": "s", "estimated_cost": "$"}
_TOKENS: Final = "tok"


@dataclass(slots=True)
class _Score:
    """What became of one score."""

    headline: RunningSample = field(default_factory=lambda: RunningSample(limits=(0.0, 1.0)))
    scored: RunningSample = field(default_factory=lambda: RunningSample(limits=(0.0, 1.0)))
    skipped: int = 0
    errored: int = 0


class RunningFigures:
    """Sums over the results taken in; `scorers` are the names that an errored case counts for."""

    def __init__(self, scorers: tuple[str, ...], errors: ErrorRule) -> None:
        self._scorers = scorers
        self._errors = errors
        self._scores: dict[str, _Score] = {}
        self._metrics: dict[str, RunningSample] = {}
        self._labels: dict[str, Counter[str]] = {}
        self._inputs: set[str] = set()
        self._cases = self._failed = self._scorer_errors = 0

    def add(self, case_key: str, result: EvalResult) -> None:
        """Take in a result; trials of an input count as a cluster where they follow each other."""
        self._cases += 1
        self._failed += result.error is not None
        self._scorer_errors += len(result.scorer_errors)
        self._inputs.add(case_key)
        cluster = case_key or NO_CLUSTER
        for name, value in result.scores.items():
            self._add_score(name, value, cluster)
        for name in self._scorers if result.error is not None else result.scorer_errors:
            if name not in result.scores:
                self._add_error(name, cluster)
        for name, value in {"duration": result.duration_s, **result.metrics}.items():
            self._metrics.setdefault(name, RunningSample()).add(value, cluster=cluster)
        for name, items in result.classifications.items():
            self._labels.setdefault(name, Counter()).update(
                str(item.get("label") or item["id"]) for item in items
            )

    def summary(self, experiment: ExperimentRef, duration_s: float) -> ExperimentSummary:
        """The figures so far; there is no baseline to compare them with."""
        return ExperimentSummary(
            project=experiment.project,
            experiment_id=experiment.id,
            experiment=experiment.name,
            baseline_id=None,
            baseline=None,
            cases=self._cases,
            errors=self._failed,
            scorer_errors=self._scorer_errors,
            duration_s=duration_s,
            scores={name: self._score(name, score) for name, score in self._scores.items()},
            metrics={
                name: _metric(name, sample.estimate()) for name, sample in sorted(self._metrics.items())
            },
            inputs=len(self._inputs),
            only_here=len(self._inputs),
            project_id=experiment.project_id,
            classifications={name: dict(counts) for name, counts in self._labels.items()},
        )

    def _add_score(self, name: str, value: float | None, cluster: Any) -> None:
        score = self._scores.setdefault(name, _Score())
        if value is None:
            score.skipped += 1
        else:
            score.scored.add(value, cluster=cluster)
            score.headline.add(value, cluster=cluster)

    def _add_error(self, name: str, cluster: Any) -> None:
        score = self._scores.setdefault(name, _Score())
        score.errored += 1
        if self._errors == "zero":
            score.headline.add(0.0, cluster=cluster)

    def _score(self, name: str, score: _Score) -> ScoreSummary:
        headline, scored = score.headline.estimate(), score.scored.estimate()
        is_known = self._errors != "fail" or not score.errored
        return ScoreSummary(
            name=name,
            mean=headline.mean if is_known else None,
            scored_mean=scored.mean,
            standard_deviation=headline.standard_deviation if is_known else None,
            standard_error=headline.standard_error if is_known else None,
            scored=scored.count,
            skipped=score.skipped,
            errored=score.errored,
            interval=_interval(headline) if is_known else None,
            clusters=headline.clusters if headline.clusters != headline.count else None,
        )


def _metric(name: str, estimate: Estimate) -> MetricSummary:
    return MetricSummary(
        name=name,
        unit=_UNITS.get(name, _TOKENS),
        mean=estimate.mean or 0.0,
        total=estimate.total,
        count=estimate.count,
        standard_deviation=estimate.standard_deviation,
        standard_error=estimate.standard_error,
        interval=_interval(estimate),
    )


def _interval(estimate: Estimate) -> Interval | None:
    found = estimate.interval
    return None if found is None else Interval(low=found.low, high=found.high, method=found.method)
