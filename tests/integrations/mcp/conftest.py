"""A server with tools, a prompt and a resource, and sessions that talk to it: of mcp 1.x or 2.x."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from typing import Any

import mcp
import pytest

from spanscore.integrations.mcp import patch

Connect = Callable[[], AbstractAsyncContextManager[mcp.ClientSession]]

IS_2 = hasattr(mcp, "Client")
_SERVER = ("mcp.server.mcpserver", "MCPServer") if IS_2 else ("mcp.server.fastmcp", "FastMCP")


def weather_server() -> Any:
    """A server that is called "weather"."""
    server: Any = getattr(import_module(_SERVER[0]), _SERVER[1])("weather")

    def forecast(city: str, days: int = 1) -> list[str]:
        return [f"sun in {city}"] * days

    def storm(city: str) -> str:
        raise ValueError(f"no storm in {city}")

    def packing(city: str) -> str:
        return f"What do I pack for {city}?"

    def map_of_the_world() -> str:
        return "here be dragons"

    for tool in (forecast, storm):
        server.tool()(tool)
    server.prompt()(packing)
    server.resource("weather://map")(map_of_the_world)
    return server


@asynccontextmanager
async def _in_memory() -> AsyncGenerator[mcp.ClientSession, None]:
    memory: Any = import_module("mcp.shared.memory")
    async with memory.create_connected_server_and_client_session(weather_server()._mcp_server) as session:
        yield session


def _through_client(**options: Any) -> Connect:
    @asynccontextmanager
    async def connect() -> AsyncGenerator[mcp.ClientSession, None]:
        client: Any = mcp.Client(weather_server(), **options)  # pyright: ignore[reportAttributeAccessIssue]
        async with client:
            yield client.session

    return connect


_WAYS = {"direct": _through_client(), "legacy": _through_client(mode="legacy")} if IS_2 else {"": _in_memory}


@pytest.fixture(params=_WAYS)
def connect(request: pytest.FixtureRequest) -> Connect:
    """A session with the weather server in this process."""
    return _WAYS[request.param]


@pytest.fixture
def _patched() -> Iterator[None]:
    undo = patch()
    yield
    undo()
