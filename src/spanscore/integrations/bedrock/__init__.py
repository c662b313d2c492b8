"""Amazon Bedrock: `boto3.client("bedrock-runtime")` of boto3 1.34.116 and later."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import botocore  # pyright: ignore[reportMissingTypeStubs] - it has none
from botocore.client import BaseClient  # pyright: ignore[reportMissingTypeStubs] - it has none

from spanscore.errors import InstrumentError
from spanscore.integrations._endpoint import Endpoint, Provider, Service
from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.bedrock._client import SERVICE, patch_calls, record_calls
from spanscore.integrations.bedrock._converse import CONVERSE, CONVERSE_STREAM
from spanscore.integrations.bedrock._failure import client_error

__all__ = ["ENDPOINTS", "OLDEST", "patch", "wrap"]

OLDEST: Final = (1, 34, 116)
"""The first boto3, and botocore, that knows `converse`."""

ENDPOINTS: Final[tuple[Endpoint, ...]] = (CONVERSE, CONVERSE_STREAM)
"""The operations that are recorded, by their names as paths."""

_Client = TypeVar("_Client")


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on. Raises InstrumentError for any but a bedrock-runtime client."""
    if not isinstance(client, BaseClient) or _service_name(client) != SERVICE:
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no client of the Bedrock Runtime; "
            f"give one that boto3.client({SERVICE!r}) makes"
        )
    check_version("boto3", botocore.__version__, OLDEST)
    return record_calls(client, _PROVIDER)


def patch() -> Callable[[], None]:
    """Record the calls of all bedrock-runtime clients, present and future; gives what undoes it."""
    check_version("boto3", botocore.__version__, OLDEST)
    patched = Patch()
    patch_calls(patched, BaseClient, _PROVIDER)
    return patched.undo


def _service_name(client: Any) -> str:
    return cast("str", client.meta.service_model.service_name)


def _service(client: Any) -> Service:
    url = urlsplit(cast("str", client.meta.endpoint_url))
    return Service(
        name="bedrock",
        gen_ai_name="aws.bedrock",
        address=url.hostname,
        port=url.port or {"https": 443, "http": 80}.get(url.scheme),
    )


_PROVIDER: Final = Provider(endpoints=ENDPOINTS, service=_service, error=client_error)
