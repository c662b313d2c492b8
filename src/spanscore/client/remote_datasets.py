"""Datasets of a Braintrust account behind the seam that the embedded store has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Final, cast
from uuid import UUID

from spanscore.client import dataset_snapshots, datasets
from spanscore.client._http import RestClient
from spanscore.client._record_differences import record_differences
from spanscore.client.projects import read_project
from spanscore.client.registration import Registration
from spanscore.errors import ConfigError, NotFoundError
from spanscore.wire.attachments import Reference, references_in
from spanscore.wire.datasets import (
    DatasetChange,
    DatasetListing,
    DatasetRecord,
    DatasetRef,
    DatasetRequest,
    DatasetSnapshot,
    DatasetState,
    Project,
)

_FEW: Final = 100


class RemoteDatasets:
    """The datasets that a key gives access to.

    `upload` hands over the bytes that records refer to, after these; it is asked for the same bytes again
    when a request is repeated. Versions are transactions of the service.
    """

    writes_at_once = 100

    def __init__(self, client: RestClient, upload: Callable[[Sequence[Reference]], None]) -> None:
        self._client = client
        self._upload = upload
        self._account = Registration(client)
        self._projects: dict[str, Project] = {}

    def open_dataset(self, request: DatasetRequest) -> DatasetRef:
        """The dataset of that project and name, which is made if it is not there."""
        if request.project_id is None and not request.project:
            raise ConfigError('a dataset needs a project; give project="support bot", or project_id')
        project = self._account.project(request.project or "", request.project_id)
        self._projects[project.id] = project
        return self._ref(datasets.open_dataset(self._client, request, project.id))

    def find_dataset(self, reference: str, *, project: str | None = None) -> DatasetRef:
        """The dataset of that id, name or PROJECT/NAME. Raises NotFoundError."""
        if _is_id(reference):
            return self._ref(datasets.read_dataset(self._client, reference))
        found = self._named(reference, project)
        first, slash, rest = reference.partition("/")
        if not found and project is None and slash:
            found = self._named(rest, first)
        refs = [self._ref(each) for each in found]
        if len(refs) == 1:
            return refs[0]
        if refs:
            names = ", ".join(f"{ref.project}/{ref.name} ({ref.id})" for ref in refs)
            raise NotFoundError(f"{reference!r} fits several datasets: {names}; give an id or PROJECT/NAME")
        raise NotFoundError(
            f"{self._client.api_url} has no dataset {reference!r}; give its id or PROJECT/NAME"
        )

    def list_datasets(self, *, project: str | None = None, limit: int = 50) -> list[DatasetListing]:
        """Datasets with their sizes, in the order of the service; their versions are not known."""
        found = datasets.list_datasets(
            self._client, project=project, limit=limit, org_name=self._account.organisation.name
        )
        return [
            DatasetListing(ref=ref, state=DatasetState(records=self.dataset_size(ref.id) or 0, version=None))
            for ref in map(self._ref, found)
        ]

    def write_records(self, dataset_id: str, changes: Sequence[DatasetChange]) -> None:
        """Make the changes in one request, then hand over the bytes that they refer to."""
        if not changes:
            return
        datasets.insert_events(self._client, dataset_id, changes, _now())
        texts = (text for change in changes for text in change.fields.values())
        references = list(dict.fromkeys(found for text in texts for found in references_in(text)))
        if references:
            self._upload(references)

    def read_records(
        self, dataset_id: str, *, version: str | None = None, portion: int | None = None
    ) -> Iterator[DatasetRecord]:
        """Records of a version, in the order of the service."""
        events = datasets.fetch_events(self._client, dataset_id, version=version, portion=portion)
        return map(_record, events)

    def dataset_state(self, dataset_id: str, *, version: str | None = None) -> DatasetState:
        """Size and newest transaction of a version, for which all of it is read."""
        records, newest = 0, 0
        for record in self.read_records(dataset_id, version=version):
            records += 1
            newest = max(newest, int(record.xact_id))
        return DatasetState(records=records, version=str(newest) if newest else None)

    def dataset_size(self, dataset_id: str, *, version: str | None = None) -> int | None:
        """How many records the newest version has; None for an older one: it is not told."""
        if version is not None:
            return None
        data: Any = datasets.summarize(self._client, dataset_id).get("data_summary")
        total = cast("Mapping[str, Any]", data).get("total_records") if isinstance(data, Mapping) else None
        return total if isinstance(total, int) else None

    def differences(
        self, before: tuple[str, str | None], after: tuple[str, str | None]
    ) -> Iterator[tuple[DatasetRecord | None, DatasetRecord | None]]:
        """Records that differ between two versions, matched by id; both are read whole."""
        old, new = (self.read_records(id_, version=version) for id_, version in (before, after))
        return record_differences(old, new)

    def add_snapshot(
        self, dataset_id: str, name: str, version: str, *, description: str | None = None
    ) -> DatasetSnapshot:
        """Give a version a name. Raises ConfigError if the name stands for another version."""
        there = self._snapshot(dataset_id, name)
        if there is None:
            return dataset_snapshots.create_snapshot(self._client, dataset_id, name, version, description)
        if there.version != version:
            raise ConfigError(
                f"the snapshot {name!r} is version {there.version} already, and stays it; choose another name"
            )
        return there

    def snapshots(self, dataset_id: str) -> list[DatasetSnapshot]:
        """Snapshots of a dataset, the oldest first."""
        found = dataset_snapshots.list_snapshots(
            self._client, dataset_id, org_name=self._account.organisation.name
        )
        return sorted(found, key=lambda each: each.created)

    def dataset_version(
        self, dataset_id: str, *, snapshot: str | None = None, environment: str | None = None
    ) -> str | None:
        """The version that a snapshot, or else an environment, stands for; the newest without them.

        The newest is found by reading all; None if there are no records. Raises NotFoundError.
        """
        if snapshot is None and environment is None:
            return self.dataset_state(dataset_id).version
        if snapshot is None:
            org_name = self._account.organisation.name
            return datasets.version_in(self._client, dataset_id, environment or "", org_name)
        found = self._snapshot(dataset_id, snapshot)
        if found is None:
            known = ", ".join(repr(each.name) for each in self.snapshots(dataset_id))
            raise NotFoundError(f"the dataset has no snapshot {snapshot!r}; it has {known or 'none'}")
        return found.version

    def dataset_link(self, dataset: DatasetRef) -> str:
        """The page of the dataset."""
        link = datasets.summarize(self._client, dataset.id).get("dataset_url")
        return link if isinstance(link, str) else f"{self._client.app_url}/app/object?object_id={dataset.id}"

    def _named(self, name: str, project: str | None) -> list[Mapping[str, Any]]:
        org_name = self._account.organisation.name
        return datasets.list_datasets(self._client, name=name, project=project, limit=_FEW, org_name=org_name)

    def _snapshot(self, dataset_id: str, name: str) -> DatasetSnapshot | None:
        org_name = self._account.organisation.name
        found = dataset_snapshots.list_snapshots(self._client, dataset_id, name=name, org_name=org_name)
        return next((each for each in found if each.name == name), None)

    def _ref(self, told: Mapping[str, Any]) -> DatasetRef:
        project_id: str = told["project_id"]
        if project_id not in self._projects:
            self._projects[project_id] = read_project(self._client, project_id)
        metadata: Any = told.get("metadata")
        return DatasetRef(
            id=told["id"],
            name=told["name"],
            project=self._projects[project_id],
            created=told.get("created") or "",
            description=told.get("description"),
            metadata=cast("Mapping[str, Any]", metadata) if isinstance(metadata, Mapping) else {},
        )


def _record(event: Mapping[str, Any]) -> DatasetRecord:
    return DatasetRecord(
        id=str(event.get("id")),
        input=event.get("input"),
        expected=event.get("expected"),
        metadata=event.get("metadata"),
        tags=event.get("tags"),
        origin=event.get("origin"),
        xact_id=str(event.get("_xact_id") or 0),
        created=event.get("created") or "",
    )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
