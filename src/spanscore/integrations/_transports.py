"""The transports of httpx's and httpx2's clients, looked at while a transfer goes over them."""

import functools
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from spanscore.integrations._patch import Patch
from spanscore.integrations._transfer import Transfer, taken, transfer_of
from spanscore.integrations._wire_bodies import kept_along, key_of, replayed

_MODULES: Final = ("httpx", "httpx2")
_PATCHED: Final[dict[str, Patch]] = {}
_PATCHING: Final = threading.Lock()


def look_at_transports() -> None:
    """Have the clients' classes ask for a transfer; once, for those libraries that are imported by now.

    The clients themselves, which may be the program's own and shared, stay as they are: so do their
    transports, hooks and proxies. A request that is no part of a transfer costs one look at a variable.
    """
    for name in _MODULES:
        if name in _PATCHED or name not in sys.modules:
            continue
        with _PATCHING:
            module: Any = sys.modules[name]
            # Another thread may be importing it.
            if name not in _PATCHED and hasattr(module, "AsyncClient"):
                _PATCHED[name] = _patched(module)


def stop_looking() -> None:
    """Undo it."""
    with _PATCHING:
        while _PATCHED:
            _PATCHED.popitem()[1].undo()


def _patched(module: Any) -> Patch:
    patch = Patch()
    for kind, looked_at in ((module.Client, _Transport), (module.AsyncClient, _AsyncTransport)):
        patch.replace(kind, "_transport_for_url", _choosing(kind._transport_for_url, looked_at, module))
    return patch


def _choosing(choose: Callable[..., Any], looked_at: type[Any], module: ModuleType) -> Callable[..., Any]:
    @functools.wraps(choose)
    def _transport_for_url(client: Any, url: Any) -> Any:
        transport = choose(client, url)
        transfer = transfer_of(client)
        return transport if transfer is None else looked_at(transport, transfer, module)

    return _transport_for_url


class _Transport:
    """A client's transport for one request."""

    def __init__(self, transport: Any, transfer: Transfer, module: Any) -> None:
        self._transport = transport
        self._transfer = transfer
        self._module = module

    def handle_request(self, request: Any) -> Any:
        key = key_of(self._transfer, request)
        kept = replayed(self._transfer, key, self._module)
        if kept is not None:
            return kept
        try:
            response = self._transport.handle_request(request)
        except Exception as error:
            self._transfer.failed(_host(request), error)
            raise
        _answered(self._transfer, request, response)
        return kept_along(self._transfer, key, response, self._module)


class _AsyncTransport(_Transport):
    """The same for an asynchronous client."""

    async def handle_async_request(self, request: Any) -> Any:
        key = key_of(self._transfer, request)
        kept = replayed(self._transfer, key, self._module)
        if kept is not None:
            return kept
        try:
            with taken():
                response = await self._transport.handle_async_request(request)
        except Exception as error:
            self._transfer.failed(_host(request), error)
            raise
        _answered(self._transfer, request, response)
        return kept_along(self._transfer, key, response, self._module)


def _answered(transfer: Transfer, request: Any, response: Any) -> None:
    transfer.answered(_host(request), response.status_code, response.headers.items())


def _host(request: Any) -> str:
    return request.url.netloc.decode("ascii", "replace")
