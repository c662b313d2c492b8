"""Datasets: making, finding, listing and deleting them."""

import sqlite3
import uuid
from typing import Any, Final

from spanscore._json import from_json
from spanscore.errors import ConfigError, NotFoundError
from spanscore.store._attributes import as_json
from spanscore.store._containers import make_project
from spanscore.store._schema import transaction
from spanscore.store._sql import sql
from spanscore.store._times import iso
from spanscore.wire.datasets import DatasetRef, DatasetRequest, Project

_SHORTEST_PREFIX: Final = 8
_SHOWN: Final = 8
_AT_ONCE: Final = 1_000
"""Revisions a transaction: others that write need not wait long for it."""


def open_dataset(connection: sqlite3.Connection, request: DatasetRequest, now_ns: int) -> DatasetRef:
    """The dataset of that project and name, made if it is not there. Inside a transaction."""
    project_id = _project(connection, request, now_ns)
    found = _refs(connection, "by_name", {"reference": request.name, "project": project_id})
    named = [ref for ref in found if ref.name == request.name and ref.project.id == project_id]
    if named:
        return named[0]
    values = {
        "id": str(uuid.uuid4()),
        "project_id": project_id,
        "name": request.name,
        "description": request.description,
        "metadata": as_json(dict(request.metadata or {})),
        "created_ns": now_ns,
    }
    connection.execute(sql("datasets/insert_dataset"), values)
    return _refs(connection, "by_id", {"reference": values["id"], "project": None})[0]


def _project(connection: sqlite3.Connection, request: DatasetRequest, now_ns: int) -> str:
    if request.project_id is not None:
        connection.execute(sql("insert_project"), (request.project_id, None, now_ns))
        return request.project_id
    if not request.project:
        raise ConfigError('a dataset needs a project; give project="support bot", or project_id')
    return make_project(connection, request.project, now_ns)


def find_dataset(connection: sqlite3.Connection, reference: str, project: str | None) -> DatasetRef:
    """The dataset of that id, name, PROJECT/NAME or prefix of an id.

    Raises NotFoundError if there is none, or if several are meant.
    """
    for query in ("by_id", "by_name", "by_prefix"):
        if query == "by_prefix" and len(reference) < _SHORTEST_PREFIX:
            break
        found = _refs(connection, query, {"reference": reference, "project": project})
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{ref.project}/{ref.name} ({ref.id})" for ref in found[:_SHOWN])
            raise NotFoundError(f"{reference!r} fits several datasets: {names}; give an id or PROJECT/NAME")
    newest = newest_datasets(connection, project, _SHOWN)
    known = ", ".join(f"{ref.project}/{ref.name}" for ref in newest)
    where = f" in project {project!r}" if project else ""
    raise NotFoundError(
        f"no dataset {reference!r}{where}; {f'the newest are {known}' if known else 'there are none'}"
    )


def newest_datasets(connection: sqlite3.Connection, project: str | None, limit: int) -> list[DatasetRef]:
    """Datasets of one project or of all, newest first."""
    return _refs(connection, "newest", {"project": project, "limit": limit})


def dataset_number(connection: sqlite3.Connection, dataset_id: str) -> int:
    """The number that a dataset has in the file. Raises NotFoundError."""
    found = connection.execute(sql("datasets/number"), (dataset_id,)).fetchone()
    if found is None:
        raise NotFoundError(f"the store has no dataset with the id {dataset_id!r}")
    return found[0]


def delete_dataset(connection: sqlite3.Connection, dataset_id: str) -> None:
    """Delete a dataset with all its versions, a portion a transaction; from the first on it is gone."""
    with transaction(connection):
        number = dataset_number(connection, dataset_id)
        connection.execute(sql("datasets/delete_snapshots"), (number,))
        connection.execute(sql("datasets/delete_dataset"), (number,))
    for query in ("delete_revisions", "delete_records"):
        is_done = False
        while not is_done:
            with transaction(connection):
                if query == "delete_revisions":
                    connection.execute(sql("datasets/delete_attachments"), (number, _AT_ONCE))
                gone = connection.execute(sql(f"datasets/{query}"), (number, _AT_ONCE)).rowcount
            is_done = gone < _AT_ONCE


def _refs(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> list[DatasetRef]:
    return [
        DatasetRef(
            id=id_,
            name=name,
            project=Project(id=project_id, name=project),
            created=iso(created_ns),
            description=description,
            metadata=from_json(metadata),
        )
        for _number, id_, name, description, metadata, created_ns, project_id, project in connection.execute(
            sql(f"datasets/{query}"), values
        )
    ]
