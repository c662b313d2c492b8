"""The scores of an experiment, with its error rule applied."""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from spanscore.statistics import Estimate, RunningTrials
from spanscore.store._differences import interval_of, score_differences
from spanscore.store._figures import FAILED, SCORED, SKIPPED, Sides
from spanscore.store._samples import Figure, estimate
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
    figures = {name: Figure(name=name, limits=_LIMITS, is_clustered=sides.has_clusters) for name in found}
    differences = score_differences(connection, sides, figures.values())
    return by_name(
        _summary(connection, sides, figures[name], tally, differences.get(name))
        for name, tally in found.items()
    )


def _summary(
    connection: sqlite3.Connection, sides: Sides, figure: Figure, tally: Tally, difference: Difference | None
) -> ScoreSummary:
    mean = tally.headline(sides.errors)
    known = None if mean is None else estimate(connection, figure, mean)
    return ScoreSummary(
        name=figure.name,
        mean=mean,
        scored_mean=tally.scored_mean,
        standard_deviation=None if known is None else known.standard_deviation,
        standard_error=None if known is None else known.standard_error,
        scored=tally.counts[SCORED],
        skipped=tally.counts[SKIPPED],
        errored=tally.counts[FAILED],
        interval=None if known is None else interval_of(known.interval),
        clusters=None if known is None else _clusters(known),
        trials=None if known is None else _trials(connection, figure.name),
        difference=difference,
    )


def _clusters(known: Estimate) -> int | None:
    """How many clusters the standard error is over, None where every value is its own."""
    return None if known.clusters == known.count else known.clusters


def _trials(connection: sqlite3.Connection, name: str) -> Trials | None:
    """What trials say, None where no input has several."""
    fewest, most = connection.execute(sql("figures/fewest_trials"), (name,)).fetchone()
    if most <= 1:
        return None
    running = RunningTrials(fewest)
    for count, total, squares, is_binary in connection.execute(
        sql("figures/trials_of_score"), {"name": name}
    ):
        running.add(count, total=total, squares=squares, is_binary=bool(is_binary))
    figures = running.figures()
    return Trials(
        k=figures.k,
        pass_at_k=figures.pass_at_k,
        pass_hat_k=figures.pass_hat_k,
        deviation_within=figures.deviation_within,
        per_input=figures.per_input,
    )
