"""What an exception of botocore says besides its message."""

from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._plain import fields_of, text
from spanscore.wire import attributes

_NOTHING: Final[dict[str, AttributeValue]] = {}


def client_error(error: BaseException) -> dict[str, AttributeValue]:
    """The HTTP status, the id of the request and AWS's error code of a ClientError; nothing of others."""
    response: Any = fields_of(getattr(error, "response", None))
    if not response:
        return _NOTHING
    told: dict[str, AttributeValue] = {}
    metadata = fields_of(response.get("ResponseMetadata"))
    status = metadata.get("HTTPStatusCode")
    if type(status) is int:
        told[attributes.HTTP_RESPONSE_STATUS_CODE] = status
    request_id = text(metadata.get("RequestId"))
    if request_id is not None:
        told[attributes.HTTP_RESPONSE_REQUEST_ID] = (request_id,)
    code = text(fields_of(response.get("Error")).get("Code"))
    if code is not None:
        told[attributes.AWS_ERROR_CODE] = code
    return told
