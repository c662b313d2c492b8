"""Which rows are meant."""

import argparse
from typing import Any

import pytest

from finished_spans import finished
from spanscore._json import to_json
from spanscore.cli._row_filter import row_filter
from spanscore.store import ingest

pytestmark = pytest.mark.core

ATTRIBUTES: dict[str, Any] = {
    "braintrust.input_json": to_json({"messages": [{"role": "user"}], "n": 12}),
    "braintrust.metadata": to_json({"user": {"plan": "pro"}}),
    "braintrust.tags": ["a"],
}
ROW = ingest(finished(ATTRIBUTES, name="answer"))

FILTERS = {
    "metadata.user.plan=^pro$": True,
    "metadata.user.plan=^free$": False,
    "metadata.user.nothing=.": False,
    "input.messages.0.role=user": True,
    "input.messages.1.role=.": False,
    "input.n=^12$": True,
    "input.n.m=.": False,
    "input=messages": False,
    "input=.*messages": True,
    "name=^answer$": True,
    "type=llm": False,
    "tags=a": False,
    "tags.0=a": True,
    "error=.": False,
    "output=.": False,
    "metadata.user.plan=a=b|pro": True,
    "metadata.user.plan=ro": False,
}


@pytest.mark.parametrize("text", FILTERS)
def test_paths_and_patterns(text: str) -> None:
    assert row_filter(text).matches(ROW) is FILTERS[text]


@pytest.mark.parametrize("text", ["name", "nothing=x", "=x", "name=("])
def test_what_is_no_filter(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no PATH=REGEX|is no regular expression"):
        row_filter(text)
