"""The cases and scores of an experiment and its baseline, laid out in scratch tables."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from spanscore.store._containers import find_container
from spanscore.store._experiments import experiment_rules, is_rescored
from spanscore.store._schema import statements
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import ExperimentRef

SCORED: Final = 0
SKIPPED: Final = 1
FAILED: Final = 2

TOLERANCE: Final = 1e-9
"""Means of floats that differ by less are the same."""

_OF_CASES: Final = ("fill_live", "fill_given", "fill_wanted")
_OF_SCORES: Final = ("fill_outcomes", "fill_failed")
_TABLES: Final = ("live", "given", "wanted", "names", "outcomes", "spent", "measured", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """An experiment and what it is compared with.

    `errors` is the experiment's rule, which holds for both; `has_clusters` says that there are cases which
    belong with others.
    """

    experiment: ExperimentRef
    baseline: ExperimentRef | None
    scorers: tuple[str, ...]
    errors: str
    has_clusters: bool = False

    @property
    def refs(self) -> tuple[ExperimentRef, ...]:
        """The experiment, side 0, and the baseline, side 1, if there is one."""
        return (self.experiment,) if self.baseline is None else (self.experiment, self.baseline)


def lay_out(
    connection: sqlite3.Connection, experiment: ExperimentRef, baseline: ExperimentRef | None
) -> Sides:
    """Fill the scratch tables of this connection for these two experiments, scores by input included."""
    sides = lay_out_outcomes(connection, experiment, baseline)
    connection.execute(sql("figures/group_scores"), {"errors": sides.errors})
    return sides


def lay_out_outcomes(
    connection: sqlite3.Connection, experiment: ExperimentRef, baseline: ExperimentRef | None
) -> Sides:
    """Fill the scratch tables with what became of each score of each case."""
    # Small caches: an experiment of any size is summarised in little memory, from the system's own page
    # cache.
    for schema in ("main", "temp"):
        connection.execute(f"PRAGMA {schema}.cache_size = -500")
    _clear(connection)
    scorers, errors = experiment_rules(connection, experiment.id)
    sides = Sides(experiment=experiment, baseline=baseline, scorers=tuple(scorers), errors=errors)
    for side, ref in enumerate(sides.refs):
        wanted, _errors = experiment_rules(connection, ref.id)
        connection.executemany(sql("figures/insert_wanted"), [(side, scorer) for scorer in wanted])
        _fill(connection, side, ref, _OF_CASES)
    connection.execute(sql("figures/fill_names"))
    for side, ref in enumerate(sides.refs):
        _fill(connection, side, ref, _OF_SCORES)
    has_clusters = bool(connection.execute(sql("figures/has_clusters")).fetchone()[0])
    return replace(sides, has_clusters=has_clusters)


def lay_out_metrics(connection: sqlite3.Connection, sides: Sides) -> None:
    """Add what the cases took and what was logged of them, by input."""
    for side, ref in enumerate(sides.refs):
        if not is_rescored(connection, ref.id):
            _fill(connection, side, ref, ("fill_durations",))
        if connection.execute(sql("figures/has_tokens"), (container_of(connection, ref),)).fetchone()[0]:
            _fill(connection, side, ref, ("fill_spent",))
        _fill(connection, side, ref, ("fill_logged",))
    connection.execute(sql("figures/fill_tokens"))


def _fill(connection: sqlite3.Connection, side: int, ref: ExperimentRef, queries: Sequence[str]) -> None:
    values = {"side": side, "container": container_of(connection, ref)}
    for query in queries:
        connection.execute(sql(f"figures/{query}"), values)


def container_of(connection: sqlite3.Connection, experiment: ExperimentRef) -> int | None:
    """The number of the experiment's container."""
    return find_container(connection, Parent(ParentKind.EXPERIMENT_ID, experiment.id))


def _clear(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'live'").fetchone() is None:
        for statement in statements(sql("figures/tables")):
            connection.execute(statement)
        return
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table}")
