"""The tree of exceptions is the one drawn in the docstring."""

import re

import pytest

from spanscore import errors

pytestmark = pytest.mark.core


def test_tree_in_the_docstring_names_every_exception() -> None:
    drawn = re.findall(r"^[ │├└─]*(\w+(?:Error))\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == errors.__all__


@pytest.mark.parametrize("name", errors.__all__)
def test_every_exception_is_ours(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.SpanscoreError)
