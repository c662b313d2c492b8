"""Servers are known by the name that they give themselves."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import SimpleNamespace
from typing import Any

import mcp
import pytest

from spanscore.integrations.mcp._servers import remembering, server_name

Connect = Callable[[], AbstractAsyncContextManager[mcp.ClientSession]]


class Session:
    """A session of mcp 1.x, which keeps nothing of what the server says."""


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (SimpleNamespace(serverInfo=SimpleNamespace(name="weather")), "weather"),
        (SimpleNamespace(serverInfo=SimpleNamespace(name=None)), None),
        (SimpleNamespace(serverInfo=None), None),
        (None, None),
    ],
    ids=["named", "not named", "unknown", "nothing"],
)
async def test_the_answer_to_initialize_has_the_name(answer: Any, name: str | None) -> None:
    async def initialize(session: Session) -> Any:
        return answer

    session = Session()
    assert await remembering(initialize)(session) is answer
    assert server_name(session) == name


@pytest.mark.usefixtures("_patched")
async def test_a_session_that_was_begun_while_patched_is_known(connect: Connect) -> None:
    async with connect() as session:
        assert server_name(session) == "weather"
