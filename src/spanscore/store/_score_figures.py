"""The scores of an experiment, with its error rule applied."""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from spanscore.statistics import Estimate, RunningSample, RunningTrials
from spanscore.store._differences import interval_of, score_differences
from spanscore.store._figures import FAILED, SCORED, SKIPPED, Sides
from spanscore.store._sql import sql
from spanscore.wire.summaries import Difference, ScoreSummary, Trials, by_name

_LIMITS: Final = (0.0, 1.0)


@dataclass(slots=True)
class Tally:
    """What became of one score over the cases: how many of each kind, and the sum of what was scored."""

    counts: dict[int, int] = field(default_factory=lambda: {SCORED: 0, SKIPPED: 0, FAILED: 0})
    total: float = 0.0

    @property
    def scored_mean(self) -> float | None:
        """Over what was scored alone."""
        return self.total / self.counts[SCORED] if self.counts[SCORED] else None

    def headline(self, errors: str) -> float | None:
        """The mean that the error rule gives."""
        if errors == "fail" and self.counts[FAILED]:
            return None
        count = self.counts[SCORED] + (self.counts[FAILED] if errors == "zero" else 0)
        return self.total / count if count else None


def tallies(connection: sqlite3.Connection, sides: Sides) -> dict[str, Tally]:
    """A tally for each score, in the order of the scorers."""
    places = {scorer: place for place, scorer in enumerate(sides.scorers)}
    last = len(places)
    names: list[tuple[str, str | None]] = connection.execute(sql("figures/names")).fetchall()
    names.sort(key=lambda each: (places.get(each[1] or "", last), each[0]))
    found = {name: Tally() for name, _scorer in names}
    for name, kind, count, total in connection.execute(sql("figures/tallies")):
        found[name].counts[kind] = count
        if kind == SCORED:
            found[name].total = total
    return found


def scores(connection: sqlite3.Connection, sides: Sides) -> dict[str, ScoreSummary]:
    """The figures of each score, by name."""
    found = tallies(connection, sides)
    differences = score_differences(connection, sides, found)
    return by_name(
        _summary(connection, sides, name, tally, differences.get(name)) for name, tally in found.items()
    )


def _summary(
    connection: sqlite3.Connection, sides: Sides, name: str, tally: Tally, difference: Difference | None
) -> ScoreSummary:
    mean = tally.headline(sides.errors)
    estimate, trials = (None, None) if mean is None else _estimate(connection, name)
    return ScoreSummary(
        name=name,
        mean=mean,
        scored_mean=tally.scored_mean,
        standard_deviation=None if estimate is None else estimate.standard_deviation,
        standard_error=None if estimate is None else estimate.standard_error,
        scored=tally.counts[SCORED],
        skipped=tally.counts[SKIPPED],
        errored=tally.counts[FAILED],
        interval=None if estimate is None else interval_of(estimate.interval),
        clusters=None if estimate is None else clusters_of(estimate),
        trials=trials,
        difference=difference,
    )


def clusters_of(estimate: Estimate) -> int | None:
    """How many clusters the standard error is over, None where every value is its own."""
    return None if estimate.clusters == estimate.count else estimate.clusters


def _estimate(connection: sqlite3.Connection, name: str) -> tuple[Estimate, Trials | None]:
    fewest, most = connection.execute(sql("figures/fewest_trials"), (name,)).fetchone()
    sample, trials = RunningSample(limits=_LIMITS), RunningTrials(fewest)
    values = {"is_metric": False, "name": name}
    for cluster, count, total, squares, is_binary in connection.execute(
        sql("figures/inputs_of_score"), values
    ):
        sample.add_sums(count, total, squares, is_binary=bool(is_binary), cluster=cluster)
        if most > 1:
            trials.add(count, total=total, squares=squares, is_binary=bool(is_binary))
    return sample.estimate(), _trials(trials) if most > 1 else None


def _trials(running: RunningTrials) -> Trials:
    figures = running.figures()
    return Trials(
        k=figures.k,
        pass_at_k=figures.pass_at_k,
        pass_hat_k=figures.pass_hat_k,
        deviation_within=figures.deviation_within,
    )
