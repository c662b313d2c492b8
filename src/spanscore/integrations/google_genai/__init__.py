"""Google GenAI: `google.genai.Client`, for the Gemini API and Vertex AI, synchronous and asynchronous.

A request of the client is a span: content that is generated, streamed or not, also through chats, embeddings,
and images of Imagen. Where the client executes functions for the model, these are spans too, all of them
below a task. The Live and Interactions APIs are not recorded.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

from google import genai
from google.genai import _extra_utils, chats, models
from google.genai._api_client import BaseApiClient

from spanscore.errors import InstrumentError
from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.google_genai import _functions, _generating, _requests
from spanscore.integrations.google_genai._hooks import exchange_class, replace_all

__all__ = ["OLDEST", "patch", "wrap"]

OLDEST: Final = (1, 25)
"""The oldest google-genai that is tested."""

_Client = TypeVar("_Client")


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on, with all that it has: `aio`, chats made before and later.

    Raises InstrumentError for anything but a google-genai client.
    """
    if not isinstance(client, genai.Client):
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no google-genai client; give a google.genai.Client"
        )
    check_version("google-genai", genai.__version__, OLDEST)
    _record_shared()
    inside: Any = client
    exchange_class(inside._api_client, _requests.RECORDERS)
    exchange_class(inside.models, _generating.OF_MODELS)
    exchange_class(inside.aio.models, _generating.OF_ASYNC_MODELS)
    return client


def patch() -> Callable[[], None]:
    """Record the requests of all clients, present and future; gives what undoes it."""
    check_version("google-genai", genai.__version__, OLDEST)
    patched = Patch()
    try:
        for owner, recorders in _PATCHED:
            replace_all(patched, owner, recorders)
    except InstrumentError:
        patched.undo()
        raise
    return patched.undo


_PATCHED: Final[tuple[tuple[Any, Any], ...]] = (
    (BaseApiClient, _requests.RECORDERS),
    (models.Models, _generating.OF_MODELS),
    (models.AsyncModels, _generating.OF_ASYNC_MODELS),
    (chats.Chat, _generating.OF_CHAT),
    (chats.AsyncChat, _generating.OF_ASYNC_CHAT),
    (_extra_utils, _functions.RECORDERS),
)


@cache
def _record_shared() -> None:
    """Have the parts recorded that do not belong to one client; for clients not wrapped they do as before."""
    for owner, recorders in _SHARED:
        replace_all(Patch(), owner, recorders)


_SHARED: Final[tuple[tuple[Any, Any], ...]] = (
    (chats.Chat, _generating.OF_RECORDED_CHAT),
    (chats.AsyncChat, _generating.OF_ASYNC_RECORDED_CHAT),
    (_extra_utils, _functions.RECORDERS),
)
