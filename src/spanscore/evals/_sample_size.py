"""How many inputs and trials a comparison needs, learnt from one that has been made."""

import math
from dataclasses import dataclass
from typing import Final

from spanscore.statistics import (
    POWER,
    PairVariance,
    minimum_detectable_effect,
    needed_inputs,
    needed_trials,
)
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary

_HARDLY: Final = 0.1
"""Trials are enough when what they leave of the variance is that share of what the inputs make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSize:
    """What it takes to show a difference of one score.

    `inputs` and `trials` are what there is now, which shows differences from `detectable` on.
    `needed_inputs` is for `wanted_trials` of each in both runs, `least_inputs` for any number of them.
    `needed_trials` is for the inputs of now: None if no number of trials is enough. `enough_trials` is where
    more hardly help. These three are None while no run has several trials of an input, from which alone it is
    known what they vary by. `has_pairs` says whether all was learnt from a comparison; if not, two runs are
    taken to have nothing in common, which is the most that it can take.
    """

    score: str
    difference: float
    power: float
    inputs: int
    trials: int
    detectable: float
    wanted_trials: int
    needed_inputs: int
    has_pairs: bool
    knows_trials: bool
    least_inputs: int | None
    needed_trials: int | None
    enough_trials: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learnt:
    """The variance of the paired difference of one input, as it was over so many inputs."""

    variance: float
    inputs: int
    has_pairs: bool


def sample_size(
    score: ScoreSummary,
    baseline: ScoreSummary | None,
    *,
    difference: float,
    power: float = POWER,
    trials: int | None = None,
) -> SampleSize | None:
    """What it takes to show this difference; None if the score never varied, so that nothing can be learnt.

    `baseline` is the same score of the baseline, which tells how far its trials vary. `trials` are those
    wanted of each input, by default as many as there are now.
    """
    learnt = _learnt(score)
    if learnt is None or learnt.variance <= 0:
        return None
    now, before = _trials_of(score), _trials_of(baseline)
    within, knows = _within(score, baseline)
    spread = 0.0 if learnt.has_pairs and not knows else within * (1 / now + 1 / (before if baseline else now))
    parts = PairVariance(
        between=max(0.0, learnt.variance - spread) if knows else learnt.variance,
        within=within,
        baseline_within=within,
    )
    wanted = trials or now
    at_hand = minimum_detectable_effect(math.sqrt(learnt.variance / learnt.inputs), power=power)
    return SampleSize(
        score=score.name,
        difference=difference,
        power=power,
        inputs=learnt.inputs,
        trials=now,
        detectable=at_hand,
        wanted_trials=wanted,
        needed_inputs=needed_inputs(difference, parts, trials=wanted, baseline_trials=wanted, power=power),
        has_pairs=learnt.has_pairs,
        knows_trials=knows,
        least_inputs=needed_inputs(difference, PairVariance(between=parts.between), power=power)
        if knows
        else None,
        needed_trials=needed_trials(difference, parts, learnt.inputs, power=power) if knows else None,
        enough_trials=_enough(parts) if knows else None,
    )


def _trials_of(score: ScoreSummary | None) -> int:
    """How many trials an input has: on average, since a score may be skipped in some."""
    if score is None or score.trials is None:
        return 1
    return max(1, round(score.trials.per_input or score.trials.k))


def _learnt(score: ScoreSummary) -> _Learnt | None:
    found = score.difference
    if found is not None and found.smallest_detectable is not None:
        error = found.smallest_detectable / minimum_detectable_effect(1.0)
        return _Learnt(variance=error * error * found.pairs, inputs=found.pairs, has_pairs=True)
    if score.standard_error is None:
        return None
    count = score.clusters or score.scored + score.errored
    return _Learnt(variance=2 * score.standard_error**2 * count, inputs=count, has_pairs=False)


def _within(score: ScoreSummary, baseline: ScoreSummary | None) -> tuple[float, bool]:
    """The variance between trials of an input, that of both runs pooled, and whether it is known."""
    deviations = [
        each.trials.deviation_within
        for each in (score, baseline)
        if each is not None and each.trials is not None and each.trials.deviation_within is not None
    ]
    if not deviations:
        return 0.0, False
    return sum(each * each for each in deviations) / len(deviations), True


def _enough(parts: PairVariance) -> int | None:
    if parts.between == 0:
        return None
    ratio = (parts.within + parts.baseline_within) / (_HARDLY * parts.between)
    return max(1, math.ceil(ratio * (1 - 1e-12)))


def sample_sizes(
    summary: ExperimentSummary,
    baseline: ExperimentSummary | None,
    *,
    difference: float,
    power: float = POWER,
    trials: int | None = None,
) -> dict[str, SampleSize | None]:
    """`sample_size` of each score that has a mean, by name."""
    before = (summary if baseline is None else baseline).scores
    return {
        name: sample_size(
            score, before.get(name) if baseline else None, difference=difference, power=power, trials=trials
        )
        for name, score in summary.scores.items()
        if score.mean is not None
    }
