"""The dataset: records that a program writes, and that evals run over."""

import shlex
import weakref
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Any

from spanscore.datasets._buffer import WriteBuffer
from spanscore.datasets._changes import deleted, inserted, updated
from spanscore.datasets._portions import in_portions
from spanscore.datasets._summary import DatasetSummary, DataSummary
from spanscore.datasets._target import Target
from spanscore.datasets._view import NEWEST, View
from spanscore.errors import ConfigError
from spanscore.wire.datasets import DatasetChange, DatasetRecord, DatasetSnapshot, Project

Row = dict[str, Any]


def _as_it_is(value: Any) -> Any:
    return value


class Dataset:
    """Records of a project, in all the versions that they ever had. Made by `init_dataset`.

    It is looked up, and made if it is not there, when it is first used. Iterating reads it lazily, as it was
    when the iteration began; each row is a case for an eval: `id, input, expected, metadata, tags`, besides
    `origin`, which names the record, and Braintrust's `_xact_id`, `created` and `dataset_id`.

    In the embedded store each change is stored when its method returns. To Braintrust changes go up to 100
    at once, a second after the first at the latest; reading, `flush`, the end of a `with` statement and the
    end of the program send what waits.
    """

    def __init__(
        self,
        target: Target,
        *,
        view: View = NEWEST,
        use_output: bool = False,
        restored: Callable[[Any], Any] = _as_it_is,
    ) -> None:
        self._target = target
        self._view = view
        self._expected = "output" if use_output else "expected"
        self._restored = restored
        self._new_records = 0
        self._buffer = WriteBuffer(target.write, target.writes_at_once)
        # Also at the end of the program, and without holding on to the dataset until then.
        weakref.finalize(self, self._buffer.end)

    @property
    def id(self) -> str:
        """The dataset's id."""
        return self._target.ref.id

    @property
    def name(self) -> str:
        """Its name, unique in the project."""
        return self._target.ref.name

    @property
    def project(self) -> Project:
        """The project, with `id` and `name`."""
        return self._target.ref.project

    @property
    def data(self) -> dict[str, Any]:
        """What is known of the dataset itself, under Braintrust's names."""
        ref = self._target.ref
        return {
            "id": ref.id,
            "project_id": ref.project.id,
            "name": ref.name,
            "description": ref.description,
            "metadata": dict(ref.metadata),
            "created": ref.created,
        }

    @property
    def version(self) -> str | None:
        """The version that is read: the one asked for, else the newest; None if nothing was ever written.

        What waits is written first. It is the newest transaction in that version, a decimal number as text.
        """
        self.flush()
        return self._pinned() or self._target.datasets.dataset_version(self.id)

    def insert(
        self,
        input: Any = None,  # noqa: A002 - Braintrust's word
        expected: Any = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002
        output: Any = None,
    ) -> str:
        """The id of the record put in; the record that has this `id` already is replaced.

        Values are anything that becomes JSON, attachments included; they are kept whole. `output` is an old
        name of `expected`. Raises ConfigError for metadata, tags and ids that cannot be meant.
        """
        self._target.get_ready()
        if expected is not None and output is not None:
            raise ConfigError("expected and output are both given; output is an old name of expected")
        change = inserted(
            id=id,
            input=input,
            expected=output if expected is None else expected,
            tags=tags,
            metadata=metadata,
        )
        self._new_records += 1
        return self._change(change)

    def update(
        self,
        id: str,  # noqa: A002
        input: Any = None,  # noqa: A002
        expected: Any = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """The id of the record that is changed in what is given, and otherwise stays.

        Objects merge key by key at every depth, tags are added, everything else replaces. A record that is
        not there is put in.
        """
        self._target.get_ready()
        return self._change(updated(id, input=input, expected=expected, tags=tags, metadata=metadata))

    def delete(self, id: str) -> str:  # noqa: A002
        """The id of the record that is taken out; older versions keep it."""
        return self._change(deleted(id))

    def _change(self, change: DatasetChange) -> str:
        if self._view.is_pinned:
            raise ConfigError(
                "this dataset was opened at a version, which cannot be changed; "
                "open it without version to write to it"
            )
        self._buffer.add(change)
        return change.id

    def fetch(self, batch_size: int | None = None) -> Iterator[Row]:
        """The rows of the version, lazily; at most `batch_size` of them are read at once."""
        self.flush()
        records = self._target.datasets.read_records(
            self.id, version=self._pinned(), portion=self._view.within_limit(batch_size)
        )
        yield from map(self._row, islice(records, self._view.limit))

    def __iter__(self) -> Iterator[Row]:
        return self.fetch()

    async def __aiter__(self) -> AsyncIterator[Row]:
        async for row in in_portions(self.fetch()):
            yield row

    def known_size(self) -> int | None:
        """How many rows there are to read; None where only reading all of them would tell."""
        self.flush()
        known = self._target.datasets.dataset_size(self.id, version=self._pinned())
        return None if known is None else self._view.within_limit(known)

    def size(self) -> int:
        """How many rows there are to read: the records of the version, within the limit."""
        known = self.known_size()
        return sum(1 for _row in self.fetch()) if known is None else known

    def summarize(self, summarize_data: bool = True) -> DatasetSummary:  # noqa: FBT001, FBT002 - Braintrust's
        """Where to look at the dataset and, with `summarize_data`, how many records it has."""
        self.flush()
        ref = self._target.ref
        link = self._target.datasets.dataset_link(ref)
        is_command = not link.startswith("http")
        command = f"spanscore datasets list --project {shlex.quote(ref.project.name)}"
        data = self._data_summary() if summarize_data else None
        return DatasetSummary(
            project_name=ref.project.name,
            dataset_name=ref.name,
            project_url=command if is_command else link.partition("/datasets/")[0],
            dataset_url=link,
            data_summary=data,
        )

    def _data_summary(self) -> DataSummary:
        datasets, version = self._target.datasets, self._pinned()
        total = datasets.dataset_size(self.id, version=version)
        if total is None:
            total = datasets.dataset_state(self.id, version=version).records
        return DataSummary(new_records=self._new_records, total_records=total)

    def snapshot(self, name: str, description: str | None = None) -> DatasetSnapshot:
        """The version as it is now, under a name that `init_dataset(snapshot=…)` finds again.

        Raises ConfigError if the name stands for another version, or if there is nothing to name.
        """
        version = self.version
        if version is None:
            raise ConfigError(f"the dataset {self.name!r} has no records yet that a snapshot could keep")
        return self._target.datasets.add_snapshot(self.id, name, version, description=description)

    def snapshots(self) -> list[DatasetSnapshot]:
        """The versions that have names, the oldest first."""
        return self._target.datasets.snapshots(self.id)

    def flush(self) -> None:
        """Write what waits; it is safe when this returns. Raises DeliveryError or StoreError."""
        self._buffer.flush()

    def close(self) -> str:
        """The dataset's id, after a flush. There is nothing to close."""
        self.flush()
        return self.id

    def __enter__(self) -> "Dataset":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.flush()

    def at(self, version: str | None) -> "Dataset":
        """The same dataset at a version, to be read alone; at None as it is."""
        if version is None:
            return self
        view = replace(self._view, version=version)
        return Dataset(
            self._target, view=view, use_output=self._expected == "output", restored=self._restored
        )

    def _pinned(self) -> str | None:
        """The version asked for, as a number: a name is looked up once."""
        view = self._view
        if view.is_pinned and view.version is None:
            found = self._target.datasets.dataset_version(
                self.id, snapshot=view.snapshot, environment=view.environment
            )
            self._view = replace(view, version=found)
        return self._view.version

    def _row(self, record: DatasetRecord) -> Row:
        origin = {
            "object_type": "dataset",
            "object_id": self.id,
            "id": record.id,
            "_xact_id": record.xact_id,
            "created": record.created,
        }
        row: Row = {
            "id": record.id,
            "input": self._restored(record.input),
            self._expected: self._restored(record.expected),
            "metadata": self._restored(record.metadata),
            "tags": record.tags,
            "origin": origin,
            "dataset_id": self.id,
            "created": record.created,
            "_xact_id": record.xact_id,
        }
        if record.origin is not None:
            row["source"] = record.origin
        return row
