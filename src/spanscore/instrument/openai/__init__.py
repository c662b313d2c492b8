"""OpenAI: `OpenAI`, `AsyncOpenAI` and their Azure variants, of openai 1.55.3 and later."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import openai

from spanscore.errors import InstrumentError
from spanscore.instrument._client import patch_requests, record_requests
from spanscore.instrument._endpoint import Endpoint, Provider, Service
from spanscore.instrument._patch import Patch
from spanscore.instrument._version import check_version
from spanscore.instrument.openai._chat import CHAT_COMPLETIONS

__all__ = ["ENDPOINTS", "OLDEST", "patch", "wrap"]

OLDEST: Final = (1, 55, 3)
"""The oldest openai that works with today's httpx when no `http_client` is given."""

ENDPOINTS: Final[tuple[Endpoint, ...]] = (CHAT_COMPLETIONS,)
"""The endpoints that are recorded."""

_Client = TypeVar("_Client")


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on. Raises InstrumentError for anything but an OpenAI client."""
    if not isinstance(client, openai.OpenAI | openai.AsyncOpenAI):
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no OpenAI client; "
            "give an openai.OpenAI, AsyncOpenAI, AzureOpenAI or AsyncAzureOpenAI"
        )
    check_version("openai", openai.__version__, OLDEST)
    return record_requests(client, _PROVIDER, is_async=isinstance(client, openai.AsyncOpenAI))


def patch() -> Callable[[], None]:
    """Record the requests of all OpenAI clients, present and future; gives what undoes it."""
    check_version("openai", openai.__version__, OLDEST)
    patched = Patch()
    patch_requests(patched, openai.OpenAI, _PROVIDER, is_async=False)
    patch_requests(patched, openai.AsyncOpenAI, _PROVIDER, is_async=True)
    return patched.undo


def _service(client: Any) -> Service:
    azure = isinstance(client, openai.AzureOpenAI | openai.AsyncAzureOpenAI)
    url = client.base_url
    return Service(
        name="azure" if azure else "openai",
        gen_ai_name="azure.ai.openai" if azure else "openai",
        address=url.host,
        port=url.port or {"https": 443, "http": 80}.get(url.scheme),
    )


_PROVIDER: Final = Provider(endpoints=ENDPOINTS, service=_service)
