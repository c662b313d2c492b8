"""Experiments: registering them, finding them again."""

import sqlite3
import uuid
from collections.abc import Sequence
from typing import Any, Final

from spanscore._json import from_json
from spanscore.errors import NotFoundError
from spanscore.store._attributes import as_json
from spanscore.store._containers import make_container, make_project
from spanscore.store._sql import sql
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import ExperimentRef, ExperimentRequest

_SHORTEST_PREFIX: Final = 8
_SHOWN: Final = 8


def register(connection: sqlite3.Connection, request: ExperimentRequest, now_ns: int) -> ExperimentRef:
    """The experiment that was asked for, made unless it is updated. Inside a transaction."""
    project_id = make_project(connection, request.project, now_ns)
    name = request.name or _free_name(connection, project_id)
    existing = connection.execute(sql("experiment_by_name"), (project_id, name)).fetchone()
    if existing is not None and request.update:
        _add_scorers(connection, existing[0], request.scorers)
        return ExperimentRef(
            id=existing[0], name=name, project_id=project_id, project=request.project, created_ns=existing[1]
        )
    if existing is not None:
        name = f"{name}-{uuid.uuid4().hex[:8]}"
    ref = ExperimentRef(
        id=str(uuid.uuid4()), name=name, project_id=project_id, project=request.project, created_ns=now_ns
    )
    _insert(connection, ref, request)
    make_container(connection, Parent(ParentKind.EXPERIMENT_ID, ref.id), now_ns)
    return ref


def _insert(connection: sqlite3.Connection, ref: ExperimentRef, request: ExperimentRequest) -> None:
    values = {
        "id": ref.id,
        "project_id": ref.project_id,
        "name": ref.name,
        "description": request.description,
        "metadata": as_json(dict(request.metadata)),
        "tags": as_json(list(request.tags)),
        "scorers": as_json(list(request.scorers)),
        "errors": request.errors,
        "created_ns": ref.created_ns,
    }
    connection.execute(sql("insert_experiment"), values)


def _free_name(connection: sqlite3.Connection, project_id: str) -> str:
    number: int = connection.execute(sql("count_experiments"), (project_id,)).fetchone()[0] + 1
    while connection.execute(sql("experiment_by_name"), (project_id, f"experiment-{number}")).fetchone():
        number += 1
    return f"experiment-{number}"


def _add_scorers(connection: sqlite3.Connection, experiment_id: str, scorers: Sequence[str]) -> None:
    known = experiment_rules(connection, experiment_id)[0]
    both = [*known, *(name for name in scorers if name not in known)]
    connection.execute(sql("set_scorers"), (as_json(both), experiment_id))


def experiment_rules(connection: sqlite3.Connection, experiment_id: str) -> tuple[list[str], str]:
    """Names of the scorers and the rule for errored cases."""
    scorers, errors = connection.execute(sql("experiment_rules"), (experiment_id,)).fetchone()
    return from_json(scorers), errors


def find(connection: sqlite3.Connection, reference: str, project: str | None) -> ExperimentRef:
    """The experiment of that id, prefix of an id, name, or PROJECT/NAME.

    Raises NotFoundError if there is none, or if several are meant.
    """
    for query in ("experiments_by_id", "experiments_by_name", "experiments_by_prefix"):
        if query == "experiments_by_prefix" and len(reference) < _SHORTEST_PREFIX:
            break
        found = _refs(connection, query, {"reference": reference, "project": project})
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{ref.project}/{ref.name} ({ref.id})" for ref in found[:_SHOWN])
            raise NotFoundError(
                f"{reference!r} fits several experiments: {names}; give an id or PROJECT/NAME"
            )
    raise NotFoundError(_nothing(connection, reference, project))


def _nothing(connection: sqlite3.Connection, reference: str, project: str | None) -> str:
    newest = newest_experiments(connection, project, _SHOWN)
    where = f" in project {project!r}" if project else ""
    known = (
        f"the newest are {', '.join(f'{ref.project}/{ref.name}' for ref in newest)}"
        if newest
        else "there are none"
    )
    return f"no experiment {reference!r}{where}; {known}"


def newest_experiments(
    connection: sqlite3.Connection, project: str | None, limit: int
) -> list[ExperimentRef]:
    """Experiments of one project or of all, newest first."""
    return _refs(connection, "newest_experiments", {"project": project, "limit": limit})


def find_baseline(
    connection: sqlite3.Connection, experiment: ExperimentRef, baseline: str | None
) -> ExperimentRef | None:
    """The named baseline, else the latest earlier experiment of the project that has finished cases."""
    if baseline is not None:
        return find(connection, baseline, experiment.project)
    found = _refs(connection, "latest_earlier_experiment", {"id": experiment.id})
    return found[0] if found else None


def _refs(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[ExperimentRef]:
    return [
        ExperimentRef(
            id=id_, name=name, project_id=project_id, project=project or project_id, created_ns=created_ns
        )
        for id_, name, project_id, project, created_ns in connection.execute(sql(query), values)
    ]
