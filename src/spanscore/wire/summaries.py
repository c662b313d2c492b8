"""The figures of an experiment, as the backend computes them and everybody shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDifference:
    """One score against the baseline, over the cases that both experiments have, matched by input.

    `difference` is new minus baseline, `standard_error` that of the paired difference over inputs (None below
    two pairs). `improvements` and `regressions` count inputs whose mean score rose or fell.
    """

    baseline_mean: float
    mean: float
    difference: float
    standard_error: float | None
    pairs: int
    improvements: int
    regressions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """One score of an experiment; all means lie in 0..1.

    `mean` is the headline: errored cases and scorers count as the experiment's error rule says (as 0 by
    default). `scored_mean` is over what was scored alone. `standard_deviation` and `standard_error` go with
    `mean`; None below two values. `mean` is None when nothing was scored or errored, or the rule is "fail"
    and something errored.
    """

    name: str
    mean: float | None
    scored_mean: float | None
    standard_deviation: float | None
    standard_error: float | None
    scored: int
    skipped: int
    errored: int
    difference: ScoreDifference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSummary:
    """A quantity measured of a case, such as `duration` in seconds: its mean over cases that have it."""

    name: str
    unit: str
    mean: float
    total: float
    count: int
    baseline_mean: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSummary:
    """The figures of an experiment and, where there is one, its comparison with the baseline.

    `cases` counts finished (case, trial) pairs, `errors` those whose task failed, `scorer_errors` failed
    scorer calls. `duration_s` is from the first span's start to the last one's end.
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
    scores: tuple[ScoreSummary, ...]
    metrics: tuple[MetricSummary, ...]
