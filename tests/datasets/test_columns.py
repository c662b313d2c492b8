"""Which columns mean what."""

import re
from typing import Any

import pytest

from spanscore.datasets._columns import AS_NAMED, Columns, to_record
from spanscore.errors import CaseError, ConfigError

pytestmark = pytest.mark.core


def read(row: dict[str, Any], **columns: Any) -> dict[str, Any]:
    return to_record(row, Columns(**columns), "faq.csv, line 2,", "how")


def test_columns_that_say_what_they_are() -> None:
    row = {"input": 1, "expected": 2, "metadata": {"a": 1}, "tags": ["t"], "id": 7, "trial_count": 3}
    assert read(row) == {**row, "id": "7"}
    assert read({"input": 0, "expected": None, "tags": None, "id": None}) == {"input": 0, "expected": None}


def test_other_columns_become_metadata() -> None:
    row = {"input": 1, "level": "easy", "empty": None, "metadata": {"a": 1}}
    assert read(row) == {"input": 1, "metadata": {"level": "easy", "a": 1}}


def test_columns_of_rows_are_left_out() -> None:
    row = {"input": 1, "output": 2, "scores": {"s": 1}, "span_id": "x", "_xact_id": "1", "created": "then"}
    assert read(row) == {"input": 1, "expected": 2}
    assert read({"input": 1, "output": 2, "expected": None}) == {"input": 1, "expected": None}


def test_without_an_input_what_is_left_beside_the_expected_value_is_it() -> None:
    row = {"question": "q", "context": "c", "expected": "a", "tags": "x, y"}
    assert read(row) == {"input": {"question": "q", "context": "c"}, "expected": "a", "tags": ["x", "y"]}


def test_named_columns() -> None:
    row = {"question": "q", "answer": "a", "context": "c", "key": 5, "labels": ["t"], "level": 1, "x": 2}
    assert read(
        row, input=["question"], expected=["answer"], metadata=["level"], id="key", tags="labels"
    ) == {
        "input": "q",
        "expected": "a",
        "metadata": {"level": 1},
        "tags": ["t"],
        "id": "5",
    }
    assert read(row, input=["question", "context"], expected=["answer", "x"], metadata=["level"]) == {
        "input": {"question": "q", "context": "c"},
        "expected": {"answer": "a", "x": 2},
        "metadata": {"level": 1},
    }


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], type[Exception], str]] = {
    "no input": (
        {"question": "q", "answer": "a"},
        {},
        ConfigError,
        "faq.csv, line 2, has no column 'input'; it has 'question', 'answer'. "
        "Rename one, or say which by how",
    ),
    "missing": (
        {"question": "q"},
        {"input": ["questions"]},
        ConfigError,
        "faq.csv, line 2, has no column 'questions'; it has 'question'",
    ),
    "metadata": (
        {"input": 1, "metadata": [1]},
        {},
        CaseError,
        "faq.csv, line 2, has metadata [1]; give an object",
    ),
    "tags": ({"input": 1, "tags": [1]}, {}, CaseError, "faq.csv, line 2, has tags [1]; give a list of texts"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_told(name: str) -> None:
    row, columns, kind, message = WRONG[name]
    with pytest.raises(kind, match=re.escape(message)):
        read(row, **columns)


def test_the_default_takes_names_as_they_are() -> None:
    assert to_record({"input": 1}, AS_NAMED, "row 1", "how") == {"input": 1}
