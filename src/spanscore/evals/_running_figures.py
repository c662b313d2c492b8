"""The figures of an experiment that nobody stores, as its cases finish."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
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

    def add(self, value: float | None, cluster: Any) -> None:
        """Take in a value, or that there is none."""
        if value is None:
            self.skipped += 1
        else:
            self.scored.add(value, cluster=cluster)
            self.headline.add(value, cluster=cluster)


@dataclass(frozen=True, slots=True)
class _Failure:
    """What failed in a case: these scorers, or with None the task; `given` are the scores that it has."""

    cluster: Any
    scorers: frozenset[str] | None
    given: frozenset[str]


class RunningFigures:
    """Sums over the results taken in; `scorers` are those of all cases, by name.

    A failed scorer fails all scores that it gives elsewhere, one of its own name if there are none; a failed
    task fails all of all scorers. What scorers give is learnt from results, best before the first is added.
    """

    def __init__(self, scorers: tuple[str, ...], errors: ErrorRule) -> None:
        self._scorers = scorers
        self._errors = errors
        self._scores: dict[str, _Score] = {}
        self._metrics: dict[str, RunningSample] = {}
        self._labels: dict[str, Counter[str]] = {}
        self._givers: dict[str, set[str]] = {}
        self._failures: list[_Failure] = []
        self._inputs: set[str] = set()
        self._cases = self._failed = self._scorer_errors = 0

    def add(self, case_key: str, result: EvalResult) -> None:
        """Take in a result; trials of an input count as a cluster where they follow each other."""
        self._cases += 1
        self._failed += result.error is not None
        self._scorer_errors += len(result.scorer_errors)
        self._inputs.add(case_key)
        cluster = case_key or NO_CLUSTER
        self.learn(result)
        for name, value in result.scores.items():
            self._scores[name].add(value, cluster)
        if result.error is not None or result.scorer_errors:
            scorers = None if result.error is not None else frozenset(result.scorer_errors)
            failure = _Failure(cluster, scorers, frozenset(result.scores))
            self._failures.append(failure)
            for name in self._scores:
                self._fail(name, self._scores[name], failure)
        for name, value in {"duration": _task_s(result), **result.metrics}.items():
            self._metrics.setdefault(name, RunningSample()).add(value, cluster=cluster)
        for name, items in result.classifications.items():
            self._labels.setdefault(name, Counter()).update(
                str(item.get("label") or item["id"]) for item in items
            )

    def learn(self, result: EvalResult) -> None:
        """Take note of which scorer gave which scores; failures so far count for a score that is new."""
        givers = {name: scorer for scorer, names in result.score_names.items() for name in names}
        for name in result.scores:
            known = self._givers.setdefault(name, set())
            known.add(givers.get(name, name))
            if name not in self._scores:
                self._scores[name] = self._failed_score(name)

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
            scores={name: self._score(name, score) for name, score in self._all_scores().items()},
            metrics={
                name: _metric(name, sample.estimate()) for name, sample in sorted(self._metrics.items())
            },
            inputs=len(self._inputs),
            only_here=len(self._inputs),
            project_id=experiment.project_id,
            classifications={name: dict(counts) for name, counts in self._labels.items()},
        )

    def _all_scores(self) -> dict[str, _Score]:
        """The scores that there are, and those of scorers that always failed."""
        named = set[str]().union(*self._givers.values())
        failed = (failure.scorers or () for failure in self._failures)
        scorers = dict.fromkeys(chain(self._scorers if self._failures else (), *failed))
        silent = {name: self._failed_score(name) for name in scorers if name not in named}
        return {**self._scores, **{name: score for name, score in silent.items() if score.errored}}

    def _failed_score(self, name: str) -> _Score:
        score = _Score()
        for failure in self._failures:
            self._fail(name, score, failure)
        return score

    def _fail(self, name: str, score: _Score, failure: "_Failure") -> None:
        givers = self._givers.get(name, (name,))
        if name not in failure.given and (failure.scorers is None or not failure.scorers.isdisjoint(givers)):
            score.errored += 1
            if self._errors == "zero":
                score.headline.add(0.0, cluster=failure.cluster)

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


def _task_s(result: EvalResult) -> float:
    return result.duration_s if result.task_duration_s is None else result.task_duration_s
