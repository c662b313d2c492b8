"""The cases and scores of an experiment and its baseline, laid out in scratch tables."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spanscore.store._containers import find_container
from spanscore.store._experiments import experiment_rules
from spanscore.store._schema import statements
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import ExperimentRef

SCORED: Final = 0
SKIPPED: Final = 1
FAILED: Final = 2

_OF_CASES: Final = ("fill_live", "fill_given", "fill_wanted")
_OF_SCORES: Final = ("fill_outcomes",)
_TABLES: Final = ("live", "given", "wanted", "names", "outcomes", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """An experiment and what it is compared with. `errors` is the experiment's rule, which holds for both."""

    experiment: ExperimentRef
    baseline: ExperimentRef | None
    scorers: tuple[str, ...]
    errors: str


def lay_out(
    connection: sqlite3.Connection, experiment: ExperimentRef, baseline: ExperimentRef | None
) -> Sides:
    """Fill the scratch tables of this connection for these two experiments."""
    # Small caches: an experiment of any size is summarised in little memory, from the system's own page
    # cache.
    for schema in ("main", "temp"):
        connection.execute(f"PRAGMA {schema}.cache_size = -500")
    _clear(connection)
    sides = [ref for ref in (experiment, baseline) if ref is not None]
    for side, ref in enumerate(sides):
        scorers, _errors = experiment_rules(connection, ref.id)
        connection.executemany(sql("figures/insert_wanted"), [(side, scorer) for scorer in scorers])
        _fill(connection, side, ref, _OF_CASES)
    connection.execute(sql("figures/fill_names"))
    for side, ref in enumerate(sides):
        _fill(connection, side, ref, _OF_SCORES)
        connection.execute(sql("figures/fill_failed"), {"side": side})
    scorers, errors = experiment_rules(connection, experiment.id)
    if baseline is not None:
        connection.execute(sql("figures/fill_matched"), {"errors": errors})
    return Sides(experiment=experiment, baseline=baseline, scorers=tuple(scorers), errors=errors)


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


def outcomes(connection: sqlite3.Connection) -> Iterator[tuple[str, int, float | None]]:
    """Name, kind and value of each score of each case of the experiment, one by one."""
    return connection.execute(sql("figures/outcomes"))
