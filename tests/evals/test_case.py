from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanscore._json import to_json
from spanscore.errors import CaseError
from spanscore.evals import EvalCase
from spanscore.evals._case import case_key, to_case

pytestmark = pytest.mark.core


@dataclass
class OfficialCase:
    """Shaped like the official SDK's EvalCase."""

    input: Any
    expected: Any = None
    metadata: dict[str, Any] | None = None
    tags: list[str] | None = field(default=None)
    trial_count: int | None = None
    id: str | None = None
    created: str | None = None


class OnlyInput:
    input = "hi"


FORMS = {
    "a case": (EvalCase(input=1, tags=("a",)), EvalCase(input=1, tags=("a",))),
    "input alone": ({"input": None}, EvalCase(input=None)),
    "a whole mapping": (
        {
            "input": [1],
            "expected": 2,
            "metadata": {"a": 1},
            "tags": ["x", "y", "x"],
            "trial_count": 3,
            "id": "row",
            "origin": {"object_type": "dataset"},
        },
        EvalCase(
            input=[1],
            expected=2,
            metadata={"a": 1},
            tags=("x", "y"),
            trial_count=3,
            id="row",
            origin={"object_type": "dataset"},
        ),
    ),
    "other keys": ({"input": 1, "color": "red", "difficulty": "hard"}, EvalCase(input=1)),
    "empty metadata and tags": ({"input": 1, "metadata": {}, "tags": []}, EvalCase(input=1)),
    "all that a row of a dataset has": (
        {
            "input": 1,
            "id": "r",
            "_xact_id": "9",
            "created": "2020",
            "upsert_id": "u",
            "scores": [len],
            "user_data": 7,
        },
        EvalCase(input=1, id="r", _xact_id="9", created="2020", upsert_id="u", scorers=(len,), user_data=7),
    ),
    "an object like the official one": (
        OfficialCase(input="q", expected="a", metadata={"m": 1}, tags=["t"], trial_count=2, id="i"),
        EvalCase(input="q", expected="a", metadata={"m": 1}, tags=("t",), trial_count=2, id="i"),
    ),
    "an object with an input": (OnlyInput(), EvalCase(input="hi")),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_becomes_a_case(name: str) -> None:
    given_form, expected = FORMS[name]
    assert to_case(given_form, 1) == expected


WRONG = {
    "no input": (
        {"expected": 2},
        'case 7 of the data has no input: {"expected":2}; give {"input": …, "expected": …}',
    ),
    "no case": (3, "case 7 of the data is a int: 3; give an object with an input"),
    "metadata": (
        {"input": 1, "metadata": "m"},
        'case 7 of the data has metadata "m"; give a mapping, such as {"source": "faq"}',
    ),
    "tags": (
        {"input": 1, "tags": "smoke"},
        'case 7 of the data has tags "smoke"; give a list of texts, such as ["smoke"]',
    ),
    "tag": (
        {"input": 1, "tags": [1]},
        'case 7 of the data has tags [1]; give a list of texts, such as ["smoke"]',
    ),
    "no trial": (
        {"input": 1, "trial_count": 0},
        "case 7 of the data has trial_count 0; give a whole number from 1",
    ),
    "trial_count": (
        {"input": 1, "trial_count": True},
        "case 7 of the data has trial_count true; give a whole number from 1",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_case_is_named_with_its_number_and_a_remedy(name: str) -> None:
    value, message = WRONG[name]
    with pytest.raises(CaseError) as caught:
        to_case(value, 7)
    assert str(caught.value) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(list(value))}
    if isinstance(value, list):
        return [reversed_keys(item) for item in value]
    return value


@given(JSON)
def test_a_case_key_does_not_know_the_order_of_keys(value: Any) -> None:
    assert case_key(to_json(value)) == case_key(to_json(reversed_keys(value)))


@given(JSON, JSON)
def test_different_inputs_have_different_keys(one: Any, other: Any) -> None:
    same = to_json(one) == to_json(other) or (one == other and repr(one) == repr(other))
    keys_agree = case_key(to_json(one)) == case_key(to_json(other))
    if not same and one != other:
        assert not keys_agree
    if same:
        assert keys_agree


def test_a_case_key_stays_what_it_is() -> None:
    """Experiments of different versions are compared by it."""
    assert case_key(to_json({"b": [1, "x"], "a": None})) == "8a784e67fe9f750f6443ed13095f89b5"
    assert case_key('"2 + 2"') == "c3ba85895100ff40fa9c60665cda0027"
