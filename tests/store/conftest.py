"""A store of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spanscore.store import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "spanscore.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()
