"""The figures of an experiment, and those of experiments in a list."""

import sqlite3
from collections.abc import Mapping

from spanscore.store._experiments import find, find_baseline, newest_experiments, summary_scores
from spanscore.store._figures import Sides, container_of, lay_out, lay_out_outcomes
from spanscore.store._metric_figures import metrics
from spanscore.store._score_figures import scores, tallies
from spanscore.store._sql import sql
from spanscore.store.listings import ExperimentListing
from spanscore.wire.seams import ExperimentRef
from spanscore.wire.summaries import ExperimentSummary, ScoreSummary


def summarize(connection: sqlite3.Connection, experiment_id: str, baseline: str | None) -> ExperimentSummary:
    """The figures of an experiment, with its comparison. Raises NotFoundError."""
    experiment = find(connection, experiment_id, None)
    before = find_baseline(connection, experiment, baseline)
    sides = lay_out(connection, experiment, before)
    cases, errors, start, end = connection.execute(sql("figures/totals"), (0,)).fetchone()
    number = container_of(connection, experiment)
    inputs, matched, of_baseline = connection.execute(sql("figures/union")).fetchone()
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
        scores={**scores(connection, sides), **_of_the_whole(connection, sides)},
        metrics=metrics(connection, sides),
        inputs=inputs,
        matched=matched,
        only_here=0 if before is None else inputs - matched,
        only_in_baseline=of_baseline - matched,
        baseline_errors=_errors_of_baseline(connection, sides),
        partial=connection.execute(sql("partial"), (experiment.id,)).fetchone()[0],
        project_id=experiment.project_id,
        classifications=_classifications(connection, number),
    )


def _of_the_whole(connection: sqlite3.Connection, sides: Sides) -> dict[str, ScoreSummary]:
    """The scores over all results of the experiment, by name, with those of the baseline."""
    now, *others = (summary_scores(connection, ref.id) for ref in sides.refs)
    before = others[0] if others else {}
    return {name: ScoreSummary.of_whole(name, value, before.get(name)) for name, value in now.items()}


def _errors_of_baseline(connection: sqlite3.Connection, sides: Sides) -> int:
    return 0 if sides.baseline is None else connection.execute(sql("figures/totals"), (1,)).fetchone()[1]


def _classifications(
    connection: sqlite3.Connection, container: int | None
) -> Mapping[str, Mapping[str, int]]:
    """How many cases have each label, by classifier; the most frequent label first."""
    found: dict[str, dict[str, int]] = {}
    for name, label, count in connection.execute(sql("figures/labels"), (container,)):
        found.setdefault(name, {})[label] = count
    return found


def list_experiments(
    connection: sqlite3.Connection, project: str | None, limit: int
) -> list[ExperimentListing]:
    """Experiments with their figures, newest first."""
    return [_listing(connection, ref) for ref in newest_experiments(connection, project, limit)]


def _listing(connection: sqlite3.Connection, ref: ExperimentRef) -> ExperimentListing:
    sides = lay_out_outcomes(connection, ref, None)
    cases, errors, _start, _end = connection.execute(sql("figures/totals"), (0,)).fetchone()
    means = {name: tally.headline(sides.errors) for name, tally in tallies(connection, sides).items()}
    means.update(summary_scores(connection, ref.id))
    partial = connection.execute(sql("partial"), (ref.id,)).fetchone()[0]
    return ExperimentListing(ref=ref, cases=cases, errors=errors, means=means, partial=partial)
