"""What rows belong to: containers by number, and the projects behind them."""

import sqlite3
import uuid
from dataclasses import dataclass
from typing import Final

from typing_extensions import assert_never

from spanscore.errors import NotFoundError
from spanscore.store._sql import sql
from spanscore.wire.datasets import Project
from spanscore.wire.parent import Parent, ParentKind

DEFAULT_PROJECT: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container as it is read: its text, and the id of the project it belongs to, if that is known."""

    parent: str
    project_id: str | None


def read_container(connection: sqlite3.Connection, number: int) -> Container:
    """The container of that number. A project's is called by its name, however its spans called it."""
    kind, key, name, project_id = connection.execute(sql("container"), (number,)).fetchone()
    if kind == "project":
        parent = Parent(ParentKind.PROJECT_ID, key) if name is None else Parent(ParentKind.PROJECT_NAME, name)
    else:
        parent = Parent(ParentKind.EXPERIMENT_ID if kind == "experiment" else ParentKind.PLAYGROUND_ID, key)
    return Container(parent=str(parent), project_id=project_id)


def find_container(connection: sqlite3.Connection, parent: Parent) -> int | None:
    """The number of the container, None if it is unknown."""
    key: str | None = parent.value
    if parent.kind is ParentKind.PROJECT_NAME:
        found = connection.execute(sql("project_by_name"), (parent.value,)).fetchone()
        key = None if found is None else found[0]
    row = connection.execute(sql("container_number"), (_kind(parent), key)).fetchone()
    return None if row is None else row[0]


def existing_container(connection: sqlite3.Connection, parent: Parent) -> int:
    """The number of the container. Raises NotFoundError."""
    number = find_container(connection, parent)
    if number is None:
        raise NotFoundError(f"the store has no {parent}")
    return number


def make_container(connection: sqlite3.Connection, parent: Parent, now_ns: int) -> int:
    """The number of the container; makes it and its project if unknown. Inside a transaction."""
    number = find_container(connection, parent)
    if number is not None:
        return number
    key = parent.value
    if parent.kind is ParentKind.PROJECT_NAME:
        key = make_project(connection, parent.value, now_ns)
    elif parent.kind is ParentKind.PROJECT_ID:
        connection.execute(sql("insert_project"), (key, None, now_ns))
    connection.execute(sql("insert_container"), (_kind(parent), key))
    return connection.execute(sql("container_number"), (_kind(parent), key)).fetchone()[0]


def make_project(connection: sqlite3.Connection, name: str, now_ns: int) -> str:
    """The id of the project of that name, which is made if it is unknown. Inside a transaction."""
    connection.execute(sql("insert_project"), (str(uuid.uuid4()), name, now_ns))
    return connection.execute(sql("project_by_name"), (name,)).fetchone()[0]


def open_project(
    connection: sqlite3.Connection, name: str | None, project_id: str | None, now_ns: int
) -> Project:
    """The project of that id, else of that name, which is made if it is unknown. Inside a transaction."""
    if project_id is None:
        named = name or DEFAULT_PROJECT
        return Project(id=make_project(connection, named, now_ns), name=named)
    connection.execute(sql("insert_project"), (project_id, name, now_ns))
    (found,) = connection.execute(sql("project_by_id"), (project_id,)).fetchone()
    return Project(id=project_id, name=found or project_id)


def _kind(parent: Parent) -> str:
    match parent.kind:
        case ParentKind.PROJECT_ID | ParentKind.PROJECT_NAME:
            return "project"
        case ParentKind.EXPERIMENT_ID:
            return "experiment"
        case ParentKind.PLAYGROUND_ID:
            return "playground"
        case _:
            assert_never(parent.kind)
