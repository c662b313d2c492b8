"""The examples in docstrings run."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import spanscore
from spanscore import uninstrument
from spanscore.integrations import INSTRUMENTED, PROVIDERS

ABSENT = tuple(f"spanscore.integrations.{name}" for name in PROVIDERS if not INSTRUMENTED.is_installed(name))
"""Folders of providers that are not installed."""

MODULES = [
    info.name
    for info in pkgutil.walk_packages(spanscore.__path__, "spanscore.", onerror=lambda name: None)
    if not info.name.endswith("__main__") and not info.name.startswith(ABSENT)
]


@pytest.fixture(autouse=True)
def _uninstrumented() -> Iterator[None]:
    """Examples instrument for good; tests of clients that are not recorded must not find that."""
    yield
    uninstrument()


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    attempted = sum(
        len(test.examples) for name in MODULES for test in finder.find(importlib.import_module(name))
    )
    assert attempted >= 20
