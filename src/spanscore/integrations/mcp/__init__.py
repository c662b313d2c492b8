"""MCP: what clients of the package `mcp`, 1.x and 2.x, ask servers for.

A call of a tool becomes a `tool` span; prompts and resources that are fetched become `function` spans.
"""

from collections.abc import Callable
from importlib.metadata import version
from typing import Final

from mcp import ClientSession

from spanscore.integrations._patch import Patch
from spanscore.integrations._version import check_version
from spanscore.integrations.mcp._requests import GET_PROMPT, READ_RESOURCE, TOOL_CALL, recorded
from spanscore.integrations.mcp._servers import remembering

__all__ = ["OLDEST", "patch"]

OLDEST: Final = (1, 8)
"""The oldest mcp that is tested."""


def patch() -> Callable[[], None]:
    """Record what all client sessions ask for, present and future ones; gives what undoes it."""
    check_version("mcp", version("mcp"), OLDEST)
    patched = Patch()
    for request in (TOOL_CALL, GET_PROMPT, READ_RESOURCE):
        original = getattr(ClientSession, request.method)
        patched.replace(ClientSession, request.method, recorded(original, request, patched))
    patched.replace(ClientSession, "initialize", remembering(ClientSession.initialize))
    return patched.undo
