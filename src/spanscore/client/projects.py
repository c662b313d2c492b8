"""Projects of a Braintrust account."""

from collections.abc import Mapping
from typing import Any, cast

from spanscore.client._http import RestClient
from spanscore.errors import NotFoundError, RejectedError
from spanscore.wire.datasets import Project


def open_project(client: RestClient, name: str, org_name: str | None = None) -> Project:
    """The project of that name, which is made if it is not there."""
    return _project(client.post("/v1/project", {"name": name, "org_name": org_name}, is_idempotent=True))


def read_project(client: RestClient, project_id: str) -> Project:
    """The project of that id. Raises NotFoundError."""
    return _project(client.get(f"/v1/project/{project_id}"))


def find_project(client: RestClient, name: str, org_name: str | None = None) -> Project:
    """The project of that name. Raises NotFoundError."""
    found = objects_in(client.get("/v1/project", {"project_name": name, "org_name": org_name}))
    if not found:
        raise NotFoundError(f"{client.api_url} has no project {name!r}")
    return _project(found[0])


def objects_in(answer: Any) -> list[Mapping[str, Any]]:
    """The objects of a list that the service gives."""
    listed = fields_in(answer).get("objects")
    found = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [cast("Mapping[str, Any]", each) for each in found if isinstance(each, Mapping)]


def fields_in(answer: Any) -> Mapping[str, Any]:
    """The fields of an object that the service gives; none of what is no object."""
    return cast("Mapping[str, Any]", answer) if isinstance(answer, Mapping) else {}


def _project(told: Any) -> Project:
    fields = fields_in(told)
    found, name = fields.get("id"), fields.get("name")
    if not isinstance(found, str) or not isinstance(name, str):
        raise RejectedError(f"the service answered with no project: {told!r:.200}")
    return Project(id=found, name=name)
