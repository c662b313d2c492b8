"""LangChain recorded everywhere, and models that need no server."""

from collections.abc import Iterator

import pytest

from spanscore.instrument.langchain import patch


@pytest.fixture
def _patched() -> Iterator[None]:
    undo = patch()
    yield
    undo()
