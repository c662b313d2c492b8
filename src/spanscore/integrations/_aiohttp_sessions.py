"""The sessions of aiohttp, which some clients use where it is installed: attempts are told, answers kept."""

import functools
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from spanscore.integrations._aiohttp_answers import kept_along, key_of, replayed
from spanscore.integrations._patch import Patch
from spanscore.integrations._transfer import transfer_of

_PATCHED: Final[list[Patch]] = []
_PATCHING: Final = threading.Lock()


def look_at_sessions() -> None:
    """Have the class ask for a transfer; once, if aiohttp is imported by now."""
    if _PATCHED:
        return
    with _PATCHING:
        session: Any = getattr(sys.modules.get("aiohttp"), "ClientSession", None)
        if session is not None and not _PATCHED:
            _PATCHED.append(Patch())
            _PATCHED[0].replace(session, "_request", _telling(session._request))


def stop_looking() -> None:
    """Undo it."""
    with _PATCHING:
        while _PATCHED:
            _PATCHED.pop().undo()


def _telling(request: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(request)
    async def _request(session: Any, *args: Any, **kwargs: Any) -> Any:
        transfer = transfer_of(session)
        if transfer is None:
            return await request(session, *args, **kwargs)
        method, url = _asked(*args, **kwargs)
        key = key_of(transfer, session, method, url, kwargs)
        kept = replayed(transfer, key, method, url)
        if kept is not None:
            return kept
        try:
            response = await request(session, *args, **kwargs)
        except Exception as error:
            transfer.failed(_host(url), error)
            raise
        transfer.answered(_host(response.url), response.status, response.headers.items())
        return kept_along(transfer, key, response)

    return _request


def _asked(method: str, str_or_url: Any, **_others: Any) -> tuple[str, Any]:
    return method, str_or_url


def _host(url: Any) -> str:
    return str(url).partition("://")[2].partition("/")[0].rpartition("@")[2]
