"""LangChain recorded everywhere, and models that need no server."""

from collections.abc import Iterator

import pytest

from spanscore.integrations.langchain import patch


@pytest.fixture
def _patched() -> Iterator[None]:
    undo = patch()
    yield
    undo()
