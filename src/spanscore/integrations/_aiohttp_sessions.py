"""The sessions of aiohttp, which some clients use where it is installed: their attempts are told."""

import functools
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

from spanscore.integrations._patch import Patch
from spanscore.integrations._transfer import transfer_of

_PATCHED: Final[list[Patch]] = []
_PATCHING: Final = threading.Lock()


def look_at_sessions() -> None:
    """Have the class ask for a transfer; once, if aiohttp is imported by now. Answers are not kept."""
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
        try:
            response = await request(session, *args, **kwargs)
        except Exception as error:
            url = kwargs["str_or_url"] if "str_or_url" in kwargs else args[1]
            transfer.failed(_host(url), error)
            raise
        transfer.answered(_host(response.url), response.status, response.headers.items())
        return response

    return _request


def _host(url: Any) -> str:
    return str(url).partition("://")[2].partition("/")[0].rpartition("@")[2]
