"""LangChain and LangGraph: chains, nodes, models, tools and retrievers."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Final

from spanscore.integrations._version import check_version
from spanscore.integrations.langchain._callbacks import SpanscoreCallbackHandler
from spanscore.integrations.langchain._everywhere import EVERYWHERE

__all__ = ["OLDEST", "SpanscoreCallbackHandler", "patch"]

OLDEST: Final = (0, 3, 27)
"""The oldest langchain-core that is tested."""


def patch() -> Callable[[], None]:
    """Record all runs, whether a handler is given to them or not; gives what undoes it."""
    check_version("langchain-core", version("langchain-core"), OLDEST)
    EVERYWHERE.begin()
    return EVERYWHERE.end
