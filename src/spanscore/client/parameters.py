"""Sets of parameters, which are functions of the REST interface."""

from collections.abc import Mapping
from typing import Any

from spanscore.client._http import RestClient
from spanscore.client.prompts import fetch_named
from spanscore.wire.hosted import HostedQuery


def fetch_parameters(client: RestClient, query: HostedQuery) -> Mapping[str, Any]:
    """The set of parameters that is meant, `GET /v1/function`. Raises NotFoundError."""
    return fetch_named(client, "/v1/function", query)
