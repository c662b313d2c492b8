"""What the servers are called that sessions talk to."""

import functools
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from spanscore import tracing
from spanscore.integrations._plain import text

_NAMES: Final = WeakKeyDictionary[Any, str]()
_remembering = tracing.quietly("reading what an MCP server is called")


def remembering(initialize: Callable[..., Any]) -> Callable[..., Any]:
    """`ClientSession.initialize`, whose answer has the name: sessions of mcp 1.x do not keep it."""

    @functools.wraps(initialize)
    async def method(session: Any, *args: Any, **kwargs: Any) -> Any:
        result = await initialize(session, *args, **kwargs)
        with _remembering:
            name = text(getattr(getattr(result, "serverInfo", None), "name", None))
            if name is not None:
                _NAMES[session] = name
        return result

    return method


def server_name(session: Any) -> str | None:
    """The name that the server of a session gives itself, if it is known."""
    return text(getattr(getattr(session, "server_info", None), "name", None)) or _NAMES.get(session)
