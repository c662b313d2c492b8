"""The queries' files."""

from pathlib import Path

import pytest

from spanscore.store._sql import sql

pytestmark = pytest.mark.core


def test_every_query_is_used_and_every_used_query_is_there() -> None:
    """Found by name in the package's source."""
    folder = Path(__file__).parents[2] / "src" / "spanscore" / "store"
    names = {path.relative_to(folder / "sql").with_suffix("").as_posix() for path in folder.rglob("*.sql")}
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    assert [name for name in sorted(names) if f'{name.split("/")[-1]}"' not in source] == []
    assert all(sql(name) for name in names)
