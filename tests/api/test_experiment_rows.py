"""Rows of an experiment as data."""

import pytest

from spanscore.api._experiment_rows import as_cases, newest_version

pytestmark = pytest.mark.core


def test_the_newest_version_is_the_largest_number() -> None:
    assert newest_version([{"_xact_id": "9"}, {"_xact_id": "10"}, {"_xact_id": None}, {}]) == "10"
    assert newest_version([]) is None


def test_roots_are_cases_and_expect_what_came_out() -> None:
    rows = [
        {
            "id": "1",
            "is_root": True,
            "input": "q",
            "output": "a",
            "expected": None,
            "tags": ["t"],
            "error": None,
        },
        {"id": "2", "span_id": "s", "root_span_id": "r", "span_parents": ["r"], "input": "no"},
        {"id": "3", "span_id": "r", "root_span_id": "r", "input": "r", "output": "a", "expected": "b"},
    ]
    empty = {"metadata": None, "_xact_id": None, "created": None}
    assert list(as_cases(rows)) == [
        {"id": "1", "input": "q", "expected": "a", "tags": ["t"], **empty},
        {"id": "3", "input": "r", "expected": "b", "tags": None, **empty},
    ]
