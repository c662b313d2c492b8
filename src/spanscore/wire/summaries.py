"""The figures of an experiment, as the backend computes them and everybody shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from spanscore._json import to_json
from spanscore.wire.summary_forms import summary_dict, summary_text

Verdict = Literal["better", "worse", "no evidence"]
"""What a comparison shows: a difference that is significant after Holm's correction, or none that is."""

IntervalMethod = Literal["wilson", "t", "bootstrap", "bonett-price"]
DifferenceTest = Literal["mcnemar", "t", "bootstrap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A 95 % confidence interval and the method that it was computed with."""

    low: float
    high: float
    method: IntervalMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One score or metric against the baseline, over the cases that both experiments have, matched by key.

    `difference` is new minus baseline, `standard_error` that of the paired difference, over clusters where
    cases have trials or a cluster key (None below two). `improvements`, `regressions` and `ties` count
    matched inputs whose mean got better, got worse (for a metric such as a duration: rose) or stayed.
    `p_value` is of `test`, `adjusted_p` after Holm's correction over all scores of the comparison; `verdict`
    follows from it. `smallest_detectable` is the difference that this comparison would have shown with a
    power of 80 %.
    """

    baseline_mean: float
    mean: float
    difference: float
    standard_error: float | None
    pairs: int
    improvements: int
    regressions: int
    ties: int = 0
    interval: Interval | None = None
    test: DifferenceTest | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    verdict: Verdict = "no evidence"
    smallest_detectable: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What several trials of the inputs show; `k` is how many trials each input has at least.

    `pass_at_k` is the chance that at least one of k trials is right, `pass_hat_k` that all are, for scores of
    0 and 1 alone (else None). `deviation_within` is the standard deviation between trials of one input,
    `per_input` the mean number of trials of an input.
    """

    k: int
    pass_at_k: float | None
    pass_hat_k: float | None
    deviation_within: float | None
    per_input: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """One score of an experiment; all means lie in 0..1.

    `mean` is the headline: errored cases and scorers count as the experiment's error rule says (as 0 by
    default). `scored_mean` is over what was scored alone. `standard_deviation`, `standard_error` and
    `interval` go with `mean`; None below two values. `clusters` is the number of groups that the standard
    error is over, None where cases are their own. `mean` is None when nothing was scored or errored, or the
    rule is "fail" and something errored. `is_whole` says that it is one number of the whole experiment, which
    no case has.
    """

    name: str
    mean: float | None
    scored_mean: float | None
    standard_deviation: float | None
    standard_error: float | None
    scored: int
    skipped: int
    errored: int
    interval: Interval | None = None
    clusters: int | None = None
    trials: Trials | None = None
    difference: Difference | None = None
    is_whole: bool = False

    @classmethod
    def of_whole(cls, name: str, value: float | None, before: float | None = None) -> "ScoreSummary":
        """A score of a whole experiment, None if it was skipped, and what it was in the baseline.

        It is one number: nothing tells how far it may be off, and its difference is over no pairs.
        """
        difference = None
        if value is not None and before is not None:
            difference = Difference(
                baseline_mean=before,
                mean=value,
                difference=value - before,
                standard_error=None,
                pairs=0,
                improvements=0,
                regressions=0,
            )
        return cls(
            name=name,
            mean=value,
            scored_mean=value,
            standard_deviation=None,
            standard_error=None,
            scored=0 if value is None else 1,
            skipped=1 if value is None else 0,
            errored=0,
            difference=difference,
            is_whole=True,
        )

    @property
    def score(self) -> float | None:
        """The headline mean, by the official SDK's name."""
        return self.mean

    @property
    def diff(self) -> float | None:
        """The difference from the baseline, by the official SDK's name; None without one."""
        return None if self.difference is None else self.difference.difference

    @property
    def improvements(self) -> int:
        """Matched inputs that got better."""
        return 0 if self.difference is None else self.difference.improvements

    @property
    def regressions(self) -> int:
        """Matched inputs that got worse."""
        return 0 if self.difference is None else self.difference.regressions


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSummary:
    """A quantity measured of a case, such as `duration` in seconds: its mean over cases that have it."""

    name: str
    unit: str
    mean: float
    total: float
    count: int
    standard_deviation: float | None = None
    standard_error: float | None = None
    interval: Interval | None = None
    baseline_mean: float | None = None
    difference: Difference | None = None

    @property
    def metric(self) -> float:
        """The mean, by the official SDK's name."""
        return self.mean

    @property
    def diff(self) -> float | None:
        """The change relative to the baseline, by the official SDK's name; None without one."""
        found = self.difference
        return None if found is None or not found.baseline_mean else found.difference / found.baseline_mean

    @property
    def improvements(self) -> int:
        """Matched inputs whose quantity fell."""
        return 0 if self.difference is None else self.difference.improvements

    @property
    def regressions(self) -> int:
        """Matched inputs whose quantity rose."""
        return 0 if self.difference is None else self.difference.regressions


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySuccess:
    """Scores and metrics that were computed, by name."""

    scores: Mapping[str, ScoreSummary]
    metrics: Mapping[str, MetricSummary]
    status: Literal["success"] = "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySkipped:
    """Why there are neither scores nor metrics."""

    reason: str
    status: Literal["skipped"] = "skipped"


SummaryResult = SummarySuccess | SummarySkipped
"""What a summary has of scores and metrics, by the official SDK's names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSummary:
    """The figures of an experiment and, where there is one, its comparison with the baseline.

    `cases` counts finished (case, trial) pairs, `errors` those whose task failed, `scorer_errors` failed
    scorer calls. `duration_s` is from the first span's start to the last one's end. `scores` and `metrics`
    are by name. `inputs` are distinct inputs; `only_here` and `only_in_baseline` count those without a match.
    `baseline_errors` are the baseline's cases whose task failed, `classifications` count labels by name.
    `partial` says how the cases of a partial run were chosen, None if all were run; `skipped` why there are
    neither scores nor metrics, None if there are.
    """

    project: str
    experiment_id: str
    experiment: str
    baseline_id: str | None
    baseline: str | None
    cases: int
    errors: int
    scorer_errors: int
    duration_s: float
    scores: Mapping[str, ScoreSummary]
    metrics: Mapping[str, MetricSummary]
    inputs: int = 0
    matched: int = 0
    only_here: int = 0
    only_in_baseline: int = 0
    baseline_errors: int = 0
    partial: str | None = None
    project_id: str = ""
    experiment_url: str | None = None
    classifications: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    skipped: str | None = None

    def __str__(self) -> str:
        return summary_text(self)

    def as_dict(self) -> dict[str, Any]:
        """The summary under the official SDK's keys; figures that are ours alone are left out."""
        return summary_dict(self)

    def as_json(self) -> str:
        """`as_dict` as JSON text."""
        return to_json(self.as_dict(), redact=False)

    @property
    def comparison(self) -> SummaryResult:
        """Scores and metrics, or why there are none, by the official SDK's name."""
        if self.skipped is not None:
            return SummarySkipped(reason=self.skipped)
        return SummarySuccess(scores=self.scores, metrics=self.metrics)

    @property
    def project_url(self) -> str | None:
        """The project's page where the experiment has one, by the official SDK's name."""
        return (
            None
            if self.experiment_url is None
            else self.experiment_url.rpartition("/experiments/")[0] or None
        )

    @property
    def project_name(self) -> str:
        """The project, by the official SDK's name."""
        return self.project

    @property
    def experiment_name(self) -> str:
        """The experiment, by the official SDK's name."""
        return self.experiment

    @property
    def comparison_experiment_name(self) -> str | None:
        """The baseline, by the official SDK's name."""
        return self.baseline


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


def by_name(summaries: Iterable[_T]) -> dict[str, _T]:
    """The summaries by their names, in their order."""
    return {summary.name: summary for summary in summaries}
