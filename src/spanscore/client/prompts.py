"""The resource `prompt` of the REST interface, and what else is found in the same way."""

from collections.abc import Mapping
from typing import Any

from spanscore.client._http import RestClient
from spanscore.client.projects import fields_in, objects_in
from spanscore.errors import NotFoundError, RejectedError
from spanscore.wire.hosted import HostedQuery


def fetch_prompt(client: RestClient, query: HostedQuery) -> Mapping[str, Any]:
    """The prompt that is meant, `GET /v1/prompt`. Raises NotFoundError, and what RestClient raises."""
    return fetch_named(client, "/v1/prompt", query)


def fetch_named(client: RestClient, path: str, query: HostedQuery) -> Mapping[str, Any]:
    """The one object of a resource that is meant. Raises NotFoundError, and what RestClient raises.

    `GET {path}/{id}`, else `GET {path}?project_name=…&slug=…`, whose answer is a list.
    """
    pin = {"version": query.version}
    if query.version is None:
        pin = {"environment": query.environment}
    if query.id:
        return fields_in(client.get(f"{path}/{query.id}", pin))
    project = {"project_id": query.project_id} if query.project_id else {"project_name": query.project}
    found = objects_in(client.get(path, {**project, "slug": query.slug, **pin}))
    if not found:
        raise NotFoundError(f"there is no {query.kind} {query} on {client.api_url}")
    if len(found) > 1:
        raise RejectedError(f"{client.api_url} has {len(found)} of {query.kind} {query}; give an id")
    return found[0]
