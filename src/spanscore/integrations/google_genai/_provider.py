"""Google as the engine sees it: the operations that are recorded, the service, the errors."""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from google.genai import errors
from opentelemetry.util.types import AttributeValue

from spanscore.integrations._endpoint import Endpoint, Provider, Service
from spanscore.integrations._failure import http_error
from spanscore.integrations._plain import Fields, fields_of, text
from spanscore.integrations.google_genai._embeddings import EMBEDDINGS, is_embedding
from spanscore.integrations.google_genai._generate import GENERATE_CONTENT, STREAM_GENERATE_CONTENT
from spanscore.integrations.google_genai._images import image_endpoint
from spanscore.wire import attributes

_PREDICT: Final = ":predict"


def _service(client: Any) -> Service:
    return _service_at(text(fields_of(client._http_options).get("base_url")), bool(client.vertexai))


@lru_cache(maxsize=256)
def _service_at(base_url: str | None, is_vertex: bool) -> Service:  # noqa: FBT001 - a cache takes no keywords
    url = urlsplit(base_url or "")
    return Service(
        name="google",
        gen_ai_name="gcp.vertex_ai" if is_vertex else "gcp.gemini",
        address=url.hostname,
        port=url.port or {"https": 443, "http": 80}.get(url.scheme),
    )


def _error(error: BaseException) -> dict[str, AttributeValue]:
    told = http_error(error)
    if isinstance(error, errors.APIError) and type(error.code) is int:
        told[attributes.HTTP_RESPONSE_STATUS_CODE] = error.code
    return told


PROVIDER: Final = Provider(
    endpoints=(GENERATE_CONTENT, STREAM_GENERATE_CONTENT, *EMBEDDINGS), service=_service, error=_error
)
"""Files, caches, batches, tunings and the counting of tokens are no model calls."""


def endpoint_of(method: str, path: str, body: Fields) -> Endpoint | None:
    """The endpoint that a request goes to. Of predictions, the body tells what is predicted."""
    if path.endswith(_PREDICT) and not is_embedding(body):
        return image_endpoint(body)
    return PROVIDER.endpoint(method, path)
