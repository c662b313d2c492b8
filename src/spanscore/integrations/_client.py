"""Clients of the generated shape whose requests are recorded, one by one or by their class."""

import functools
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, TypeVar, cast

from spanscore.integrations._endpoint import Provider
from spanscore.integrations._exchange import Exchange
from spanscore.integrations._patch import Patch
from spanscore.integrations._watching import watching

_logger = logging.getLogger("spanscore")
_MARK: Final = "_spanscore_provider"
_ALWAYS: Final = Patch()
_UNWATCHED: Final = nullcontext()

_Client = TypeVar("_Client")


def record_requests(client: _Client, provider: Provider, *, is_async: bool) -> _Client:
    """`client`, whose requests to the provider's endpoints are recorded from now on.

    The client's class is exchanged for a subclass: whatever makes another client of it, such as
    `with_options`, makes one of that subclass, and resources fetched before call it too. A client that is
    recorded already stays as it is.
    """
    if not has_recorded_class(client):
        kind: type[Any] = type(client)
        client.__class__ = _recorded_class(kind, provider, is_async=is_async)
    return client


def is_stand_in(client: Any) -> bool:
    """True if the client is not of the class that it gives itself out as, as mocks and proxies are not.

    Such an object has no requests of its own to record; the log says so.
    """
    if issubclass(type(client), client.__class__):
        return False
    _logger.warning(
        "%s is not recorded: it is of class %s; give the client itself",
        client.__class__.__qualname__,
        type(client).__qualname__,
    )
    return True


def has_recorded_class(client: Any) -> bool:
    """True if the client is recorded by itself, or made from one that is."""
    return getattr(cast("type[Any]", type(client)), _MARK, None) is not None


def patch_requests(patch: Patch, kind: type[Any], provider: Provider, *, is_async: bool) -> None:
    """Record the requests of all clients of a class, those that exist too, until the patch is undone.

    Clients that are recorded one by one give one span, not two.
    """
    record = _async_request if is_async else _request
    own: Any = vars(kind).get("request")

    def sender(client: Any) -> Any:
        # What is inherited is looked up at each call, as it would be: others may patch it later.
        return cast("Any", super(kind, client)).request if own is None else own.__get__(client)

    patch.replace(kind, "request", functools.wraps(kind.request)(record(sender, provider, patch)))


@functools.cache
def _recorded_class(base: type[Any], provider: Provider, *, is_async: bool) -> type[Any]:
    record = _async_request if is_async else _request
    namespace = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
        _MARK: provider,
        # Looked up at each call, so that what others patch into the class later still runs.
        "request": functools.wraps(base.request)(
            record(lambda client: base.request.__get__(client), provider, _ALWAYS)
        ),
    }
    return type(base.__name__, (base,), namespace)


def _watching(exchange: Exchange, client: Any, patch: Patch) -> AbstractContextManager[None]:
    if not patch.is_on:
        return _UNWATCHED
    return watching(exchange.call, getattr(client, "_client", None))


def _request(sender: Callable[[Any], Any], provider: Provider, patch: Patch) -> Callable[..., Any]:
    def request(client: Any, *args: Any, **kwargs: Any) -> Any:
        exchange = Exchange(provider if patch.is_on else None, client, args, kwargs)
        with _watching(exchange, client, patch):
            if exchange.call is None:
                return sender(client)(*exchange.args, **exchange.kwargs)
            with exchange.call:
                result = sender(client)(*exchange.args, **exchange.kwargs)
        return exchange.settle(result)

    return request


def _async_request(sender: Callable[[Any], Any], provider: Provider, patch: Patch) -> Callable[..., Any]:
    async def request(client: Any, *args: Any, **kwargs: Any) -> Any:
        exchange = Exchange(provider if patch.is_on else None, client, args, kwargs)
        with _watching(exchange, client, patch):
            if exchange.call is None:
                return await sender(client)(*exchange.args, **exchange.kwargs)
            with exchange.call:
                result = await sender(client)(*exchange.args, **exchange.kwargs)
        return exchange.settle(result)

    return request
