"""Datasets of a Braintrust account: the requests."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from spanscore._json import JsonText, to_json
from spanscore.client._http import RestClient
from spanscore.client.projects import fields_in, objects_in
from spanscore.errors import RejectedError
from spanscore.wire.datasets import DatasetChange, DatasetRequest

PORTION: Final = 1000
_PATH: Final = "/v1/dataset"

Json = Mapping[str, Any]
"""An object as the service gives it."""


def open_dataset(client: RestClient, request: DatasetRequest, project_id: str) -> Json:
    """The dataset of that name in a project, which is made if it is not there."""
    body = {
        "project_id": project_id,
        "name": request.name,
        "description": request.description,
        "metadata": None if request.metadata is None else dict(request.metadata),
    }
    return _dataset(client.post(_PATH, body, is_idempotent=True))


def read_dataset(client: RestClient, dataset_id: str) -> Json:
    """The dataset of that id. Raises NotFoundError."""
    return _dataset(client.get(f"{_PATH}/{_part(dataset_id)}"))


def list_datasets(
    client: RestClient, *, name: str | None = None, project: str | None = None, limit: int, org_name: str
) -> list[Json]:
    """Datasets, all or those of a name or of a project."""
    asked = {"dataset_name": name, "project_name": project, "limit": limit, "org_name": org_name}
    return [_dataset(each) for each in objects_in(client.get(_PATH, asked))]


def fetch_events(
    client: RestClient, dataset_id: str, *, version: str | None = None, portion: int | None = None
) -> Iterator[Json]:
    """The records of a version, read `portion` at a time as they are asked for."""
    cursor: str | None = None
    while True:
        asked = {"limit": portion or PORTION, "cursor": cursor, "version": version}
        answer = fields_in(client.post(f"{_PATH}/{_part(dataset_id)}/fetch", asked, is_idempotent=True))
        yield from map(fields_in, answer.get("events") or ())
        following = answer.get("cursor")
        if not following or following == cursor:
            return
        cursor = following


def insert_events(client: RestClient, dataset_id: str, changes: Sequence[DatasetChange], now: str) -> None:
    """Make the changes; to repeat them changes nothing. `now` is ISO 8601 in UTC."""
    events = ",".join(_event(change, now) for change in changes)
    body = f'{{"events":[{events}]}}'.encode("utf-8", "replace")
    client.request("POST", f"{_PATH}/{_part(dataset_id)}/insert", body=body, is_idempotent=True)


def summarize(client: RestClient, dataset_id: str) -> Json:
    """Names and addresses of a dataset, and under "data_summary" how many records it has."""
    return fields_in(client.get(f"{_PATH}/{_part(dataset_id)}/summarize", {"summarize_data": True}))


def version_in(client: RestClient, dataset_id: str, environment: str, org_name: str) -> str:
    """The version that an environment has. Raises NotFoundError."""
    path = f"/environment-object/dataset/{_part(dataset_id)}/{_part(environment)}"
    found = fields_in(client.get(path, {"org_name": org_name})).get("object_version")
    if not isinstance(found, (str, int)):
        raise RejectedError(f"the service answered with no version of the environment {environment!r}")
    return str(found)


def _part(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="")


def _event(change: DatasetChange, now: str) -> str:
    """A row of the ingest: values are JSON text already."""
    about: dict[str, Any] = {"id": change.id}
    if change.kind != "merge":
        about["created"] = change.created or now
    else:
        about["_is_merge"] = True
        if change.merge_paths:
            about["_merge_paths"] = [list(path) for path in change.merge_paths]
        if change.removed:
            about["_array_delete"] = [{"path": ["tags"], "delete": list(change.removed)}]
    if change.kind == "delete":
        about["_object_delete"] = True
    fields: Mapping[str, JsonText] = {} if change.kind == "delete" else change.fields
    head = to_json(about, redact=False)
    rest = "".join(f",{to_json(name)}:{text}" for name, text in fields.items())
    return f"{head[:-1]}{rest}}}"


def _dataset(told: Any) -> Json:
    fields = fields_in(told)
    if not all(isinstance(fields.get(name), str) for name in ("id", "name", "project_id")):
        raise RejectedError(f"the service answered with no dataset: {told!r:.200}")
    return fields
