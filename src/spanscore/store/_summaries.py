"""The figures of an experiment: scores with the error rule applied, differences, measured quantities."""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from spanscore.statistics import RunningMoments, paired_difference
from spanscore.store._experiments import find, find_baseline, newest_experiments
from spanscore.store._figures import FAILED, SCORED, SKIPPED, Sides, container_of, lay_out, outcomes
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.store.listings import CaseChange, ExperimentListing
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import Difference, ExperimentSummary, MetricSummary, ScoreSummary, by_name

TOLERANCE: Final = 1e-9
"""Means of floats that differ by less are the same."""

_UNITS: Final = (
    ("tokens", "tok"),
    ("prompt_tokens", "tok"),
    ("completion_tokens", "tok"),
    ("estimated_cost", "$"),
)


@dataclass(slots=True)
class _Tally:
    """What became of one score over the cases."""

    scored: RunningMoments = field(default_factory=RunningMoments)
    headline: RunningMoments = field(default_factory=RunningMoments)
    counts: dict[int, int] = field(default_factory=lambda: {SCORED: 0, SKIPPED: 0, FAILED: 0})

    def add(self, kind: int, value: float | None, errors: str) -> None:
        self.counts[kind] += 1
        if kind == SCORED and value is not None:
            self.scored.add(value)
            self.headline.add(value)
        elif kind == FAILED and errors == "zero":
            self.headline.add(0.0)


def summarize(connection: sqlite3.Connection, experiment_id: str, baseline: str | None) -> ExperimentSummary:
    """The figures of an experiment, with its comparison. Raises NotFoundError."""
    experiment = find(connection, experiment_id, None)
    before = find_baseline(connection, experiment, baseline)
    sides = lay_out(connection, experiment, before)
    cases, errors, start, end = connection.execute(sql("figures/totals")).fetchone()
    number = container_of(connection, experiment)
    return ExperimentSummary(
        project=experiment.project,
        experiment_id=experiment.id,
        experiment=experiment.name,
        baseline_id=None if before is None else before.id,
        baseline=None if before is None else before.name,
        cases=cases,
        errors=errors,
        scorer_errors=connection.execute(sql("figures/scorer_errors"), (number,)).fetchone()[0],
        duration_s=(end - start) / 1e9 if cases else 0.0,
        scores=_scores(connection, sides),
        metrics=_metrics(connection, sides),
    )


def list_experiments(
    connection: sqlite3.Connection, project: str | None, limit: int
) -> list[ExperimentListing]:
    """Experiments with their figures, newest first."""
    return [_listing(connection, ref) for ref in newest_experiments(connection, project, limit)]


def case_changes(
    connection: sqlite3.Connection, experiment_id: str, baseline_id: str, score: str, limit: int
) -> list[CaseChange]:
    """Matched inputs whose score differs most, regressions first. Raises NotFoundError."""
    lay_out(connection, find(connection, experiment_id, None), find(connection, baseline_id, None))
    values = {"name": score, "tolerance": TOLERANCE, "limit": limit}
    found = connection.execute(sql("figures/changes"), values).fetchall()
    reader = RowReader(connection)
    changes: list[CaseChange] = []
    for before_value, value, before_number, number in found:
        row, before = _row(connection, reader, number), _row(connection, reader, before_number)
        changes.append(
            CaseChange(
                input=row.input,
                baseline_value=before_value,
                value=value,
                baseline_trace_id=before.root_span_id,
                trace_id=row.root_span_id,
            )
        )
    return changes


def _row(connection: sqlite3.Connection, reader: RowReader, number: int) -> Row:
    return reader.row(connection.execute(sql("figures/row"), (number,)).fetchone())


def _listing(connection: sqlite3.Connection, ref: ExperimentRef) -> ExperimentListing:
    sides = lay_out(connection, ref, None)
    cases, errors, _start, _end = connection.execute(sql("figures/totals")).fetchone()
    means = {name: _mean(tally, sides.errors) for name, tally in _tallies(connection, sides).items()}
    return ExperimentListing(ref=ref, cases=cases, errors=errors, means=means)


def _tallies(connection: sqlite3.Connection, sides: Sides) -> dict[str, _Tally]:
    """A tally for each score, in the order of the scorers."""
    places = {scorer: place for place, scorer in enumerate(sides.scorers)}
    last = len(places)
    names: list[tuple[str, str | None]] = connection.execute(sql("figures/names")).fetchall()
    names.sort(key=lambda each: (places.get(each[1] or "", last), each[0]))
    tallies = {name: _Tally() for name, _scorer in names}
    for name, kind, value in outcomes(connection):
        tallies[name].add(kind, value, sides.errors)
    return tallies


def _mean(tally: _Tally, errors: str) -> float | None:
    return None if errors == "fail" and tally.counts[FAILED] else tally.headline.mean


def _scores(connection: sqlite3.Connection, sides: Sides) -> dict[str, ScoreSummary]:
    return by_name(
        ScoreSummary(
            name=name,
            mean=(mean := _mean(tally, sides.errors)),
            scored_mean=tally.scored.mean,
            standard_deviation=None if mean is None else tally.headline.standard_deviation,
            standard_error=None if mean is None else tally.headline.standard_error,
            scored=tally.counts[SCORED],
            skipped=tally.counts[SKIPPED],
            errored=tally.counts[FAILED],
            difference=_difference(connection, sides, name),
        )
        for name, tally in _tallies(connection, sides).items()
    )


def _difference(connection: sqlite3.Connection, sides: Sides, name: str) -> Difference | None:
    if sides.baseline is None:
        return None
    if sides.errors == "fail" and (name,) in connection.execute(sql("figures/failures")).fetchall():
        return None
    pairs = connection.execute(sql("figures/pairs"), (name,))
    found = paired_difference((old, old if abs(new - old) <= TOLERANCE else new) for old, new in pairs)
    if found is None:
        return None
    return Difference(
        baseline_mean=found.baseline_mean,
        mean=found.mean,
        difference=found.difference,
        standard_error=found.standard_error,
        pairs=found.pairs,
        improvements=found.improvements,
        regressions=found.regressions,
    )


def _metrics(connection: sqlite3.Connection, sides: Sides) -> dict[str, MetricSummary]:
    now = _measured(connection, 0, sides.experiment)
    before = {} if sides.baseline is None else _measured(connection, 1, sides.baseline)
    units = {"duration": "s", **dict(_UNITS)}
    return by_name(
        MetricSummary(
            name=name,
            unit=units[name],
            mean=total / count,
            total=total,
            count=count,
            baseline_mean=before[name][1] / before[name][0] if name in before else None,
        )
        for name, (count, total) in now.items()
    )


def _measured(connection: sqlite3.Connection, side: int, ref: ExperimentRef) -> dict[str, tuple[int, float]]:
    """Count and total of each quantity over the cases that have it."""
    durations = connection.execute(sql("figures/durations"), (side,)).fetchone()
    tokens = _tokens(connection, side, container_of(connection, ref))
    pairs = zip(("duration", *(name for name, _unit in _UNITS)), (durations, *_pairs(tokens)), strict=True)
    return {name: (count, total) for name, (count, total) in pairs if count}


def _tokens(connection: sqlite3.Connection, side: int, container: int | None) -> tuple[float, ...]:
    if not connection.execute(sql("figures/has_tokens"), (container,)).fetchone()[0]:
        return (0,) * (2 * len(_UNITS))
    return connection.execute(sql("figures/tokens"), {"side": side, "container": container}).fetchone()


def _pairs(values: tuple[float, ...]) -> list[tuple[int, float]]:
    return [(int(values[at]), values[at + 1]) for at in range(0, len(values), 2)]
