"""Snapshots of the datasets of a Braintrust account."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from spanscore.client._http import RestClient
from spanscore.client.projects import fields_in, objects_in
from spanscore.errors import RejectedError
from spanscore.wire.datasets import DatasetSnapshot

_PATH: Final = "/v1/dataset_snapshot"
_PORTION: Final = 100


def create_snapshot(
    client: RestClient, dataset_id: str, name: str, version: str, description: str | None
) -> DatasetSnapshot:
    """The version, under a name."""
    body = {"dataset_id": dataset_id, "name": name, "xact_id": version, "description": description}
    return _snapshot(client.post(_PATH, body))


def list_snapshots(
    client: RestClient, dataset_id: str, *, name: str | None = None, org_name: str
) -> Iterator[DatasetSnapshot]:
    """Snapshots of a dataset, all or that of a name."""
    after: str | None = None
    while True:
        asked = {
            "limit": _PORTION,
            "starting_after": after,
            "dataset_snapshot_name": name,
            "org_name": org_name,
        }
        found = objects_in(client.get(_PATH, asked))
        # The service lists those of all datasets: no parameter of it chooses one.
        yield from (_snapshot(each) for each in found if each.get("dataset_id") == dataset_id)
        if len(found) < _PORTION or not isinstance(following := found[-1].get("id"), str):
            return
        after = following


def _snapshot(told: Any) -> DatasetSnapshot:
    fields: Mapping[str, Any] = fields_in(told)
    id_, name, version = (fields.get(key) for key in ("id", "name", "xact_id"))
    if not isinstance(id_, str) or not isinstance(name, str) or not isinstance(version, (str, int)):
        raise RejectedError(f"the service answered with no snapshot: {told!r:.200}")
    created, description = fields.get("created"), fields.get("description")
    return DatasetSnapshot(
        id=id_,
        name=name,
        version=str(version),
        created=created if isinstance(created, str) else "",
        description=description if isinstance(description, str) else None,
    )
