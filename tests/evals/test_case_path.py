from types import SimpleNamespace
from typing import Any

import pytest

from spanscore.errors import CaseError
from spanscore.evals import EvalCase
from spanscore.evals._case import case_key
from spanscore.evals._case_path import key_by, value_at

pytestmark = pytest.mark.core

CASE = EvalCase(
    {"messages": [{"role": "user"}, {"role": "assistant"}], "user": SimpleNamespace(id=7)},
    metadata={"document": "a.txt", "a.b": 1},
    tags=("smoke",),
)
PATHS: dict[str, Any] = {
    "metadata.document": "a.txt",
    "input.messages.1.role": "assistant",
    "input.messages.2.role": None,
    "input.messages.last": None,
    "input.user.id": 7,
    "tags.0": "smoke",
    "expected": None,
    "nowhere.at.all": None,
    "metadata.document.length": None,
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_to_a_value_or_to_nothing(path: str) -> None:
    assert value_at(CASE, path) == PATHS[path]


def test_the_key_is_of_the_input_unless_something_else_was_asked_for() -> None:
    assert key_by(None)(CASE, '{"b":1,"a":2}') == case_key('{"a":2,"b":1}')
    by_path = key_by("metadata.document")(CASE, "1")
    assert by_path == case_key('"a.txt"') == key_by(lambda case: case.metadata["document"])(CASE, "2")


def test_what_a_function_raises_names_its_case() -> None:
    def by_id(case: EvalCase) -> Any:
        return dict(case.metadata or {})["id"]

    with pytest.raises(CaseError) as caught:
        key_by(by_id)(CASE, '{"text":"Why?"}')
    expected = """comparison_key raised KeyError: 'id', for the case with the input {"text":"Why?"}"""
    assert (str(caught.value), type(caught.value.__cause__)) == (expected, KeyError)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("metadata.documnet", "comparison_key is 'metadata.documnet', and a case has nothing there"),
        (lambda case: None, "comparison_key gives None: a case has nothing there, with the input 1"),
    ],
)
def test_a_case_without_a_key_is_an_error(asked: Any, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        key_by(asked)(CASE, "1")
