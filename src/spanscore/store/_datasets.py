"""Datasets in the embedded store, with all their versions."""

import shlex
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from spanscore.errors import ConfigError
from spanscore.store import _dataset_catalog, _dataset_records, _dataset_versions
from spanscore.store._attachments import StoredAttachments
from spanscore.store._schema import transaction
from spanscore.store._times import iso
from spanscore.wire.datasets import (
    DatasetChange,
    DatasetListing,
    DatasetRecord,
    DatasetRef,
    DatasetRequest,
    DatasetSnapshot,
    DatasetState,
)

Connecting = Callable[[], AbstractContextManager[sqlite3.Connection]]


class StoredDatasets:
    """What `SqliteStore.datasets` is. `reading` and `writing` give connections, for the length of a `with`.

    A write is one transaction of the file and is there when the method returns. Several processes may
    write to one dataset at once: each transaction sees all those before it.
    """

    writes_at_once = 1

    def __init__(self, reading: Connecting, writing: Connecting, attachments: StoredAttachments) -> None:
        self._reading = reading
        self._writing = writing
        self._attachments = attachments

    def open_dataset(self, request: DatasetRequest) -> DatasetRef:
        """The dataset of that project and name, which is made if it is not there."""
        with self._writing() as connection, transaction(connection):
            return _dataset_catalog.open_dataset(connection, request, time.time_ns())

    def find_dataset(self, reference: str, *, project: str | None = None) -> DatasetRef:
        """The dataset of that id, prefix of an id of at least 8 characters, name, or PROJECT/NAME.

        Raises NotFoundError, which names what could have been meant.
        """
        with self._reading() as connection:
            return _dataset_catalog.find_dataset(connection, reference, project)

    def list_datasets(self, *, project: str | None = None, limit: int = 50) -> list[DatasetListing]:
        """Datasets with their newest state, the newest dataset first."""
        with self._reading() as connection:
            return [
                DatasetListing(ref=ref, state=_dataset_records.state(connection, ref.id, None))
                for ref in _dataset_catalog.newest_datasets(connection, project, limit)
            ]

    def write_records(self, dataset_id: str, changes: Sequence[DatasetChange]) -> str | None:
        """Make all changes in one transaction, or none; its number, None if nothing is different."""
        now = iso(time.time_ns())
        with self._writing() as connection, transaction(connection):
            return _dataset_records.write_records(connection, self._attachments, dataset_id, changes, now)

    def read_records(
        self, dataset_id: str, *, version: str | None = None, portion: int | None = None
    ) -> Iterator[DatasetRecord]:
        """Records of a version, in the order in which they first came; what comes later is not seen."""
        return _dataset_records.read_records(self._reading, dataset_id, version, portion)

    def dataset_state(self, dataset_id: str, *, version: str | None = None) -> DatasetState:
        """Size and newest transaction of a version."""
        with self._reading() as connection:
            return _dataset_records.state(connection, dataset_id, version)

    def dataset_size(self, dataset_id: str, *, version: str | None = None) -> int | None:
        """How many records a version has."""
        return self.dataset_state(dataset_id, version=version).records

    def differences(
        self, before: tuple[str, str | None], after: tuple[str, str | None]
    ) -> Iterator[tuple[DatasetRecord | None, DatasetRecord | None]]:
        """Records that differ between two versions, each a dataset's id and a version; matched by id.

        First those that are gone, then those that changed, then those that are new.
        """
        return _dataset_records.differences(self._reading, before, after)

    def add_snapshot(
        self, dataset_id: str, name: str, version: str, *, description: str | None = None
    ) -> DatasetSnapshot:
        """Give a version a name. Raises ConfigError if the name stands for another version."""
        with self._writing() as connection, transaction(connection):
            return _dataset_versions.add_snapshot(
                connection, dataset_id, name, version, description=description, now_ns=time.time_ns()
            )

    def snapshots(self, dataset_id: str) -> list[DatasetSnapshot]:
        """Snapshots of a dataset, the oldest first."""
        with self._reading() as connection:
            return _dataset_versions.snapshots(connection, dataset_id)

    def dataset_version(
        self, dataset_id: str, *, snapshot: str | None = None, environment: str | None = None
    ) -> str | None:
        """The version that a snapshot stands for, or without one the newest; None where there is none.

        Raises NotFoundError; ConfigError for an environment.
        """
        if snapshot is None and environment is not None:
            raise ConfigError(
                f"environment={environment!r} is Braintrust's: the embedded store has no environments; "
                "give version, or the name of a snapshot"
            )
        with self._reading() as connection:
            return _dataset_versions.newest_version(connection, dataset_id, snapshot)

    def dataset_link(self, dataset: DatasetRef) -> str:
        """The command that shows the dataset."""
        return f"spanscore datasets show {shlex.quote(f'{dataset.project}/{dataset.name}')}"

    def delete_dataset(self, dataset_id: str) -> None:
        """Delete a dataset with all its versions. Raises NotFoundError."""
        with self._writing() as connection:
            _dataset_catalog.delete_dataset(connection, dataset_id)
            self._attachments.remove_unused(connection)
            connection.executescript("PRAGMA incremental_vacuum")
