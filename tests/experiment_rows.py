"""What the embedded store of a test has of an experiment."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from spanscore.store import SqliteStore
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.rows import Row


def rows_of(experiment_id: str) -> list[Row]:
    """Its rows, in the order in which they began."""
    store = SqliteStore(_path())
    try:
        return list(store.rows(Parent(ParentKind.EXPERIMENT_ID, experiment_id)))
    finally:
        store.close()


def registered(experiment_id: str) -> dict[str, Any]:
    """What was said of it when it was registered."""
    query = "SELECT name, metadata, tags, description, repo_info FROM experiments WHERE id = ?"
    with closing(sqlite3.connect(_path())) as connection:
        name, metadata, tags, description, repo_info = connection.execute(query, (experiment_id,)).fetchone()
    return {
        "name": name,
        "metadata": json.loads(metadata),
        "tags": json.loads(tags),
        "description": description,
        "repo_info": None if repo_info is None else json.loads(repo_info),
    }


def _path() -> Path:
    return Path(os.environ["SPANSCORE_HOME"]) / "spanscore.db"
