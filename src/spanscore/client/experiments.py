"""Experiments of a Braintrust account."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from spanscore.client._http import RestClient
from spanscore.client.projects import fields_in, objects_in
from spanscore.errors import NotFoundError, RejectedError
from spanscore.wire.repo import RepoInfo
from spanscore.wire.seams import ExperimentRequest

PORTION: Final = 1000
_PATH: Final = "/v1/experiment"

Json = Mapping[str, Any]
"""An object as the service gives it."""


def create_experiment(
    client: RestClient, request: ExperimentRequest, *, project_id: str, baseline_id: str | None = None
) -> Json:
    """The new experiment, or with `update` the one of that name; a taken name gets a suffix.

    Never tried again: the experiment may have been made by a request whose answer was lost.
    """
    body = {
        "project_id": project_id,
        "ensure_new": not request.update,
        "name": request.name,
        "description": request.description,
        "repo_info": None if request.repo_info is None else _told(request.repo_info),
        "base_exp_id": baseline_id,
        "ancestor_commits": list(request.ancestor_commits) if not baseline_id else None,
        "dataset_id": request.dataset_id,
        "dataset_version": request.dataset_version,
        "parameters_id": request.parameters_id,
        "parameters_version": request.parameters_version,
        "public": request.is_public,
        "metadata": dict(request.metadata) or None,
        "tags": list(request.tags) or None,
    }
    return _experiment(client.post(_PATH, {key: value for key, value in body.items() if value != []}))


def read_experiment(client: RestClient, experiment_id: str) -> Json:
    """The experiment of that id. Raises NotFoundError."""
    return _experiment(client.get(f"{_PATH}/{experiment_id}"))


def find_experiment(
    client: RestClient,
    name: str,
    *,
    project: str | None = None,
    project_id: str | None = None,
    org_name: str | None = None,
) -> Json:
    """The experiment of that name in a project; the project's id goes before its name. NotFoundError."""
    where = {"project_id": project_id} if project_id else {"project_name": project}
    found = objects_in(client.get(_PATH, {"experiment_name": name, **where, "org_name": org_name}))
    if not found:
        raise NotFoundError(
            f"{client.api_url} has no experiment {name!r} in project {project or project_id!r}"
        )
    return _experiment(found[0])


def fetch_rows(
    client: RestClient, experiment_id: str, *, portion: int = PORTION, version: str | None = None
) -> Iterator[dict[str, Any]]:
    """Rows of an experiment in the order of the service, read `portion` at a time as they are asked for."""
    cursor: str | None = None
    while True:
        asked = {"limit": portion, "cursor": cursor, "version": version}
        answer = fields_in(client.post(f"{_PATH}/{experiment_id}/fetch", asked, is_idempotent=True))
        yield from answer.get("events") or ()
        following = answer.get("cursor")
        if not following or following == cursor:
            return
        cursor = following


def insert_rows(client: RestClient, experiment_id: str, body: bytes) -> int:
    """How many rows were taken of a body `{"events": […]}`; a row that is there already is replaced."""
    path = f"{_PATH}/{experiment_id}/insert"
    answer = fields_in(client.request("POST", path, body=body, is_idempotent=True))
    return len(answer.get("row_ids") or ())


def summarize(client: RestClient, experiment_id: str, *, comparison_id: str | None = None) -> Json:
    """The service's own figures of an experiment, with names, addresses, scores and metrics."""
    asked = {"summarize_scores": True, "comparison_experiment_id": comparison_id}
    return client.get(f"{_PATH}/{experiment_id}/summarize", asked)


def base_experiment(client: RestClient, experiment_id: str) -> tuple[str, str] | None:
    """Id and name of the experiment that this one is compared with; None if there is none."""
    url = f"{client.app_url}/api/base_experiment/get_id"
    try:
        answer = fields_in(client.post(url, {"id": experiment_id}, is_idempotent=True))
    except RejectedError:
        # The service says 400 where there is none.
        return None
    found = answer.get("base_exp_id")
    return (found, str(answer.get("base_exp_name"))) if isinstance(found, str) and found else None


def _told(info: RepoInfo) -> dict[str, Any]:
    return {key: value for key, value in asdict(info).items() if value is not None}


def _experiment(told: Any) -> Json:
    fields = fields_in(told)
    if not isinstance(fields.get("id"), str) or not isinstance(fields.get("name"), str):
        raise RejectedError(f"the service answered with no experiment: {told!r:.200}")
    return fields
