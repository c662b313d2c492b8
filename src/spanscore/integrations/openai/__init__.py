"""OpenAI: `OpenAI`, `AsyncOpenAI` and their Azure variants, of openai 1.55.3 and later."""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar

import openai

from spanscore.errors import InstrumentError
from spanscore.integrations._client import has_recorded_class, is_stand_in, patch_requests, record_requests
from spanscore.integrations._endpoint import Endpoint, Provider
from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.openai._batches import BATCHES
from spanscore.integrations.openai._chat import CHAT_COMPLETIONS
from spanscore.integrations.openai._completions import COMPLETIONS
from spanscore.integrations.openai._embeddings import EMBEDDINGS
from spanscore.integrations.openai._files import FILES
from spanscore.integrations.openai._images import EDITS, GENERATIONS, VARIATIONS
from spanscore.integrations.openai._keyword import accept_span_info
from spanscore.integrations.openai._moderations import MODERATIONS
from spanscore.integrations.openai._responses import RESPONSES
from spanscore.integrations.openai._service import service_of
from spanscore.integrations.openai._speech import SPEECH
from spanscore.integrations.openai._transcriptions import TRANSCRIPTIONS, TRANSLATIONS

__all__ = ["ENDPOINTS", "OLDEST", "patch", "wrap"]

OLDEST: Final = (1, 55, 3)
"""The oldest openai that works with today's httpx when no `http_client` is given."""

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    CHAT_COMPLETIONS,
    *RESPONSES,
    COMPLETIONS,
    EMBEDDINGS,
    MODERATIONS,
    GENERATIONS,
    EDITS,
    VARIATIONS,
    SPEECH,
    TRANSCRIPTIONS,
    TRANSLATIONS,
    *FILES,
    *BATCHES,
)
"""The endpoints that are recorded; the first that takes a path has it, so chats come before completions."""

_Client = TypeVar("_Client")


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on; a mock of one, or a proxy, stays as it is.

    Raises InstrumentError for anything else.
    """
    if not isinstance(client, openai.OpenAI | openai.AsyncOpenAI):
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no OpenAI client; "
            "give an openai.OpenAI, AsyncOpenAI, AzureOpenAI or AsyncAzureOpenAI"
        )
    check_version("openai", openai.__version__, OLDEST)
    if is_stand_in(client):
        return client
    _accept_keyword()
    return record_requests(client, _PROVIDER, is_async=isinstance(client, openai.AsyncOpenAI))


def patch() -> Callable[[], None]:
    """Record the requests of all OpenAI clients, present and future; gives what undoes it."""
    check_version("openai", openai.__version__, OLDEST)
    patched = Patch()
    patch_requests(patched, openai.OpenAI, _PROVIDER, is_async=False)
    patch_requests(patched, openai.AsyncOpenAI, _PROVIDER, is_async=True)
    accept_span_info(patched, lambda _client: True)
    return patched.undo


@cache
def _accept_keyword() -> None:
    """Once for all clients that are wrapped; those that are not see nothing of it."""
    accept_span_info(Patch(), has_recorded_class)


_PROVIDER: Final = Provider(endpoints=ENDPOINTS, service=service_of)
