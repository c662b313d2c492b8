"""The dataset behind the object is looked up once, and late."""

from pathlib import Path

import pytest

from spanscore.datasets import Target
from spanscore.errors import NotFoundError
from spanscore.store import SqliteStore
from spanscore.store._datasets import StoredDatasets
from spanscore.wire.datasets import DatasetRequest

pytestmark = pytest.mark.core


def test_it_is_made_at_its_first_use(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s.db")
    asked: list[int] = []

    def datasets() -> StoredDatasets:
        asked.append(1)
        return store.datasets

    target = Target(datasets, DatasetRequest(project="shop", name="faq"))
    target.get_ready()
    assert (asked, (tmp_path / "s.db").exists()) == ([1], False)
    assert target.ref == target.ref == Target(datasets, target.ref.id).ref
    assert (target.ref.name, target.writes_at_once(), len(asked)) == ("faq", 1, 2)
    with pytest.raises(NotFoundError):
        _ = Target(datasets, "nope").ref
    store.close()
