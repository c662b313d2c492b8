"""The cases of an experiment, read back so that they can be run again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

from spanscore.errors import NotFoundError
from spanscore.store._containers import find_container
from spanscore.store._experiments import find, find_baseline
from spanscore.store._rows import RowReader
from spanscore.store._sql import sql
from spanscore.wire.datasets import ExperimentCase
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row
from spanscore.wire.seams import ExperimentRef

_PORTION: Final = 200


def cases_of(
    reading: Callable[[], AbstractContextManager[sqlite3.Connection]], experiment_id: str
) -> Iterator[ExperimentCase]:
    """Finished cases, the newest attempt at each trial. The file is not held between portions."""
    after = 0
    while True:
        with reading() as connection:
            container = find_container(connection, Parent(ParentKind.EXPERIMENT_ID, experiment_id))
            if container is None:
                raise NotFoundError(f"the store has no experiment {experiment_id}")
            values = {"container": container, "after": after, "limit": _PORTION}
            found = connection.execute(sql("datasets/cases_of"), values).fetchall()
            rows = list(RowReader(connection).rows(found))
        if not found:
            return
        yield from map(_case, rows)
        after = found[-1][0]


def _case(row: Row) -> ExperimentCase:
    return ExperimentCase(
        id=row.given_id,
        input=row.input,
        expected=row.expected,
        output=row.output,
        metadata=row.metadata or None,
        tags=tuple(row.tags),
        xact_id=row.xact_id,
        created=row.created,
        root_span_id=row.root_span_id,
    )


def base_experiment(
    connection: sqlite3.Connection, experiment_id: str, name: str | None
) -> ExperimentRef | None:
    """The experiment of that name in the project of another, else the other's baseline."""
    experiment = find(connection, experiment_id, None)
    if name is None:
        return find_baseline(connection, experiment, None)
    return find(connection, name, experiment.project)
