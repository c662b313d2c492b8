"""litellm as it is for tests: without a network, without advertisements, and patched where a test says so."""

import gc
import os
import warnings
from collections.abc import Iterator

import pytest

# Before it is imported: it would fetch its table of prices from a server.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

with warnings.catch_warnings():
    # Its older versions are imported with what Python deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    import litellm  # pyright: ignore[reportMissingImports] - it cannot be installed beside openai 3

    from litellm_forms import IS_OLD
    from spanscore.integrations.litellm import patch

# What litellm itself warns of or leaves open; warnings from anywhere else stay errors.
_ITS_OWN = (
    "ignore::DeprecationWarning:litellm",
    # It keeps its clients for an hour, with connections of loops that have ended.
    "ignore:unclosed:ResourceWarning",
    "ignore:Item '.*' on TypedDict class '.*' is using the .ReadOnly. qualifier:UserWarning",
    "ignore:Exception ignored in. <coroutine object LoggingWorker:pytest.PytestUnraisableExceptionWarning",
    "ignore:coroutine 'LoggingWorker:RuntimeWarning",
)

_OF_OLD_VERSIONS = (
    "ignore:Pydantic serializer warnings:UserWarning",
    "ignore:Use .content=.* to upload raw bytes:DeprecationWarning",
)
_IGNORED = (*_ITS_OWN, *_OF_OLD_VERSIONS) if IS_OLD else _ITS_OWN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            for ignored in _IGNORED:
                item.add_marker(pytest.mark.filterwarnings(ignored))


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litellm, "suppress_debug_info", True)
    # Of its two transports the one that has nothing to close at the end of a loop.
    monkeypatch.setattr(litellm, "disable_aiohttp_transport", True)


@pytest.fixture(scope="module", autouse=True)
def _collected_in_the_end() -> Iterator[None]:
    """Streams that litellm leaves unread are garbage in cycles, and warned of: not in tests of others.

    Nor in the middle of a request: what httpcore closes then waits for a lock which that very request holds.
    """
    gc.disable()
    yield
    litellm.in_memory_llm_clients_cache.flush_cache()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    gc.enable()


@pytest.fixture
def patched() -> Iterator[None]:
    """All of litellm recorded, for the time of a test."""
    undo = patch()
    yield
    undo()
