"""Changes of datasets, and records without what a store adds, for tests."""

from typing import Any

from spanscore._json import to_json
from spanscore.store import SqliteStore
from spanscore.wire.datasets import DatasetChange, DatasetRef, DatasetRequest


def dataset(store: SqliteStore, name: str = "faq", project: str = "shop") -> DatasetRef:
    return store.datasets.open_dataset(DatasetRequest(project=project, name=name))


def insert(id: str, **fields: Any) -> DatasetChange:
    return DatasetChange(
        id=id, kind="insert", fields={name: to_json(value) for name, value in fields.items()}
    )


def merge(id: str, **fields: Any) -> DatasetChange:
    return DatasetChange(id=id, kind="merge", fields={name: to_json(value) for name, value in fields.items()})


def delete(id: str) -> DatasetChange:
    return DatasetChange(id=id, kind="delete")


def inputs(store: SqliteStore, ref: DatasetRef, version: str | None = None) -> dict[str, Any]:
    return {record.id: record.input for record in store.datasets.read_records(ref.id, version=version)}
