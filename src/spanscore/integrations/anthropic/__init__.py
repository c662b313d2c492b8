"""Anthropic: the clients `Anthropic` and `AsyncAnthropic`, and those of other platforms."""

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar

import anthropic

from spanscore.errors import InstrumentError
from spanscore.integrations._call import is_inside_call
from spanscore.integrations._client import is_stand_in, patch_requests, record_requests
from spanscore.integrations._endpoint import Endpoint, Provider
from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.anthropic._batches import BATCHES
from spanscore.integrations.anthropic._completions import COMPLETIONS
from spanscore.integrations.anthropic._messages import MESSAGES
from spanscore.integrations.anthropic._own_spans import stand_in
from spanscore.integrations.anthropic._service import classes, service_of
from spanscore.integrations.anthropic._tool_calls import is_at_work
from spanscore.integrations.anthropic._tool_runner import hook_runners

__all__ = ["ENDPOINTS", "OLDEST", "patch", "wrap"]

OLDEST: Final = (0, 40, 0)
"""The oldest anthropic that works with today's httpx when no `http_client` is given."""

ENDPOINTS: Final[tuple[Endpoint, ...]] = (MESSAGES, COMPLETIONS, *BATCHES)
"""The endpoints that are recorded. Counting tokens is none of them: no model answers, nothing is billed."""

_MARK: Final = "_spanscore_wrapped"

_Client = TypeVar("_Client")

_SYNC: Final = classes("Anthropic", "AnthropicBedrock", "AnthropicBedrockMantle", "AnthropicVertex")
_ASYNC: Final = classes(
    "AsyncAnthropic", "AsyncAnthropicBedrock", "AsyncAnthropicBedrockMantle", "AsyncAnthropicVertex"
)
_PROVIDER: Final = Provider(endpoints=ENDPOINTS, service=service_of)


def wrap(client: _Client) -> _Client:
    """`client` itself, recorded from now on; a mock of one, or a proxy, stays as it is.

    Raises InstrumentError for anything else.
    """
    if not isinstance(client, (*_SYNC, *_ASYNC)):
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no Anthropic client; give an anthropic.Anthropic, "
            "AsyncAnthropic, or one for Bedrock, Vertex or another platform"
        )
    check_version("anthropic", anthropic.__version__, OLDEST)
    if is_stand_in(client):
        return client
    recorded = record_requests(client, _PROVIDER, is_async=isinstance(client, _ASYNC))
    _complete(type(recorded))
    return recorded


def patch() -> Callable[[], None]:
    """Record the requests of all Anthropic clients, present and future; gives what undoes it."""
    check_version("anthropic", anthropic.__version__, OLDEST)
    patched = Patch()
    for kind in (*_SYNC, *_ASYNC):
        patch_requests(patched, kind, _PROVIDER, is_async=kind in _ASYNC)
        stand_in(patched, kind, _is_recorded_here)
    hook_runners(patched, lambda client: not _is_wrapped(client))
    return patched.undo


@functools.cache
def _complete(wrapped: type[Any]) -> None:
    """Do what clients of a class that are recorded one by one need besides their requests."""
    setattr(wrapped, _MARK, True)
    stand_in(Patch(), wrapped, _is_recorded_here)
    _hook_runners_of_wrapped_clients()


@functools.cache
def _hook_runners_of_wrapped_clients() -> None:
    hook_runners(Patch(), _is_wrapped)


def _is_wrapped(client: object) -> bool:
    return getattr(type(client), _MARK, False)


def _is_recorded_here() -> bool:
    return is_inside_call() or is_at_work()
