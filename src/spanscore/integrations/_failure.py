"""What the exception of a provider's client says besides its message."""

from collections.abc import Mapping
from typing import Any, Final, cast

from opentelemetry.util.types import AttributeValue

from spanscore.wire import attributes

_REQUEST_IDS: Final = ("request_id", "_request_id")
_HEADERS: Final = ("x-request-id", "request-id", "apim-request-id")


def http_error(error: BaseException) -> dict[str, AttributeValue]:
    """The status of the HTTP response (`status_code`) and the provider's id of the request, where known."""
    told: dict[str, AttributeValue] = {}
    status: Any = getattr(error, "status_code", None)
    if type(status) is int:
        told[attributes.HTTP_RESPONSE_STATUS_CODE] = status
    request_id = next((found for name in _REQUEST_IDS if (found := getattr(error, name, None))), None)
    if request_id is None:
        request_id = _of_headers(getattr(getattr(error, "response", None), "headers", None))
    if isinstance(request_id, str):
        told[attributes.HTTP_RESPONSE_REQUEST_ID] = (request_id,)
    return told


def _of_headers(headers: Any) -> str | None:
    if not isinstance(headers, Mapping):
        return None
    given = cast("Mapping[str, Any]", headers)
    return next((found for name in _HEADERS if isinstance(found := given.get(name), str) and found), None)
