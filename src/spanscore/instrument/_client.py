"""Subclasses of client classes whose requests are recorded."""

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar

from spanscore.instrument._endpoint import Provider
from spanscore.instrument._exchange import Exchange

_MARK: Final = "_spanscore_provider"

_Client = TypeVar("_Client")


def record_requests(client: _Client, provider: Provider, *, is_async: bool) -> _Client:
    """`client`, whose requests to the provider's endpoints are recorded from now on.

    The client's class is exchanged for a subclass: whatever makes another client of it, such as
    `with_options`, makes one of that subclass, and resources fetched before call it too. A client that is
    recorded already stays as it is.
    """
    kind: type[Any] = type(client)
    if getattr(kind, _MARK, None) is None:
        client.__class__ = _recorded_class(kind, provider, is_async=is_async)
    return client


@functools.cache
def _recorded_class(base: type[Any], provider: Provider, *, is_async: bool) -> type[Any]:
    namespace = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
        _MARK: provider,
        "request": _async_request(base, provider) if is_async else _request(base, provider),
    }
    return type(base.__name__, (base,), namespace)


def _request(base: type[Any], provider: Provider) -> Callable[..., Any]:
    # `base.request` is looked up at each call, so that what others patch into the class later still runs.
    @functools.wraps(base.request)
    def request(client: Any, *args: Any, **kwargs: Any) -> Any:
        exchange = Exchange(provider, client, args, kwargs)
        with exchange:
            result = base.request(client, *exchange.args, **exchange.kwargs)
        return exchange.settle(result)

    return request


def _async_request(base: type[Any], provider: Provider) -> Callable[..., Any]:
    @functools.wraps(base.request)
    async def request(client: Any, *args: Any, **kwargs: Any) -> Any:
        exchange = Exchange(provider, client, args, kwargs)
        with exchange:
            result = await base.request(client, *exchange.args, **exchange.kwargs)
        return exchange.settle(result)

    return request
