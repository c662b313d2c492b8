"""OpenAI: `OpenAI`, `AsyncOpenAI` and their Azure variants, of openai 1.55.3 and later."""

import re
from typing import Any, Final, TypeVar

import openai

from spanscore.errors import InstrumentError
from spanscore.instrument._client import record_requests
from spanscore.instrument._endpoint import Endpoint, Provider, Service
from spanscore.instrument.openai._chat import ChatCompletions

__all__ = ["ENDPOINTS", "OLDEST", "wrap"]

OLDEST: Final = (1, 55, 3)
"""The oldest openai that works with today's httpx when no `http_client` is given."""

ENDPOINTS: Final[tuple[Endpoint, ...]] = (ChatCompletions(),)
"""The endpoints that are recorded."""

_Client = TypeVar("_Client")


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on. Raises InstrumentError for anything but an OpenAI client."""
    if not isinstance(client, openai.OpenAI | openai.AsyncOpenAI):
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no OpenAI client; "
            "give an openai.OpenAI, AsyncOpenAI, AzureOpenAI or AsyncAzureOpenAI"
        )
    if version_of(openai.__version__) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise InstrumentError(
            f"openai {openai.__version__} is too old to be wrapped; pip install 'openai>={oldest}'"
        )
    return record_requests(client, _PROVIDER, is_async=isinstance(client, openai.AsyncOpenAI))


def version_of(text: str) -> tuple[int, ...]:
    """The leading numbers of a version: (1, 55, 3) for "1.55.3-beta.1"."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


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
